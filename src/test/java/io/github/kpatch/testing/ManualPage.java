// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A manual page in the few macros of man(7) that ours is written in. Any other macro or escape is an error, so that
 * nothing on the page goes unread.
 */
public final class ManualPage {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(f[BIR]|-|\\(bu|.?)");

    private final List<Section> sections = new ArrayList<>();
    private List<String> tags = new ArrayList<>();
    private boolean tagFollows;
    private boolean verbatim;

    /**
     * A section or, where it has a second title, one of its subsections.
     *
     * @param verbatim the lines that are not filled
     * @param entries tagged paragraphs
     * @param text all of it as running text
     */
    public record Section(
            String title, String subtitle, List<String> verbatim, List<Entry> entries, StringBuilder text) {}

    /** A tagged paragraph. */
    public record Entry(List<String> tags, StringBuilder text) {}

    private ManualPage(List<String> lines) {
        for (String line : lines) {
            read(line);
        }
    }

    public static ManualPage read(Path file) throws IOException {
        return new ManualPage(Files.readAllLines(file));
    }

    /** The subsections of a section. */
    public List<Section> subsections(String title) {
        return sections.stream()
                .filter(s -> s.title().equals(title) && !s.subtitle().isEmpty())
                .toList();
    }

    /** The part of a section that stands before its subsections. */
    public Section section(String title) {
        return sections.stream()
                .filter(s -> s.title().equals(title) && s.subtitle().isEmpty())
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no section " + title));
    }

    private void read(String line) {
        if (line.startsWith(".\\\"")) {
            return;
        }
        if (!line.startsWith(".") && !line.startsWith("'")) {
            text(plain(line));
            return;
        }
        List<String> words = words(line);
        String macro = words.remove(0);
        switch (macro) {
            case ".TH", ".RS", ".RE", ".UR", ".UE" -> {}
            case ".SH" -> open(String.join(" ", words), "");
            case ".SS" -> open(last().title(), String.join(" ", words));
            case ".TP" -> {
                tags = new ArrayList<>();
                tagFollows = true;
            }
            case ".TQ" -> tagFollows = true;
            case ".PP", ".IP" -> tags = new ArrayList<>();
            case ".nf", ".EX" -> verbatim = true;
            case ".fi", ".EE" -> verbatim = false;
            case ".B", ".I" -> text(String.join(" ", words));
            case ".BR", ".BI", ".IR", ".RB", ".RI" -> text(String.join("", words));
            default -> throw new AssertionError("the macro " + macro + " is not one of those that are read here");
        }
    }

    private void open(String title, String subtitle) {
        sections.add(new Section(title, subtitle, new ArrayList<>(), new ArrayList<>(), new StringBuilder()));
        tags = new ArrayList<>();
    }

    private Section last() {
        return sections.get(sections.size() - 1);
    }

    private void text(String text) {
        if (verbatim) {
            last().verbatim().add(text);
        } else if (tagFollows) {
            tagFollows = false;
            if (tags.isEmpty()) {
                last().entries().add(new Entry(tags, new StringBuilder()));
            }
            tags.add(text);
        } else if (!tags.isEmpty()) {
            append(last().entries().get(last().entries().size() - 1).text(), text);
        }
        append(last().text(), text);
    }

    private static void append(StringBuilder all, String text) {
        all.append(all.isEmpty() ? "" : " ").append(text);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(plain(matcher.group(1) != null ? matcher.group(1) : matcher.group(2)));
        }
        return words;
    }

    /** A text without its escapes. */
    private static String plain(String text) {
        return ESCAPE.matcher(text).replaceAll(escape -> switch (escape.group(1)) {
            case "fB", "fI", "fR" -> "";
            case "-" -> "-";
            case "(bu" -> "*";
            default ->
                throw new AssertionError("the escape " + escape.group() + " is not one of those that are read here");
        });
    }
}
