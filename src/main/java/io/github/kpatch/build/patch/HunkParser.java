// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.build.patch.Hunk.Edit;
import io.github.kpatch.build.patch.Hunk.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a hunk: its header, {@code @@ -OLD,COUNT +NEW,COUNT @@}, and as many lines as that says. */
final class HunkParser {
    private static final Pattern HEADER =
            Pattern.compile("@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+(\\d{1,9})(?:,(\\d{1,9}))? @@.*");

    private final PatchText text;
    private final int start;
    private final int oldCount;
    private final int newCount;
    private final int oldStart;
    private final int newStart;
    private final List<Edit> edits = new ArrayList<>();

    private HunkParser(PatchText text, int start, Matcher header) {
        this.text = text;
        this.start = start;
        this.oldStart = Integer.parseInt(header.group(1));
        this.oldCount = count(header.group(2));
        this.newStart = Integer.parseInt(header.group(3));
        this.newCount = count(header.group(4));
    }

    private static int count(@Nullable String digits) {
        return digits == null ? 1 : Integer.parseInt(digits);
    }

    /**
     * A hunk and where the patch goes on after it.
     *
     * @param next the index of the line after it
     */
    record Parsed(Hunk hunk, int next) {}

    static boolean isHeader(String line) {
        return line.startsWith("@@ -");
    }

    static Parsed parse(PatchText text, int start) {
        Matcher header = HEADER.matcher(text.at(start));
        if (!header.matches()) {
            throw text.refused(start, "is no header of a hunk such as '@@ -10,7 +10,8 @@'");
        }
        return new HunkParser(text, start, header).parse();
    }

    private Parsed parse() {
        int index = start + 1;
        int oldSeen = 0;
        int newSeen = 0;
        while (oldSeen < oldCount || newSeen < newCount) {
            Edit edit = edit(index);
            oldSeen += edit.kind() == Kind.ADDED ? 0 : 1;
            newSeen += edit.kind() == Kind.REMOVED ? 0 : 1;
            if (oldSeen > oldCount || newSeen > newCount) {
                throw miscounted(index);
            }
            edits.add(edit);
            index++;
            if (text.at(index).startsWith("\\ ")) {
                index++;
            }
        }
        checkEnd(index);
        return new Parsed(new Hunk(start + 1, oldStart, newStart, edits), index);
    }

    private Edit edit(int index) {
        if (index >= text.size()) {
            throw text.refused(start, "the patch ends in the middle of this hunk", "get the whole of it");
        }
        String line = text.at(index);
        String newline = text.at(index + 1).startsWith("\\ ") ? "" : "\n";
        if (line.isEmpty()) { // a context line that is empty, after an editor or a mail has trimmed it
            return new Edit(Kind.KEPT, newline);
        }
        Kind kind = switch (line.charAt(0)) {
            case ' ' -> Kind.KEPT;
            case '-' -> Kind.REMOVED;
            case '+' -> Kind.ADDED;
            default -> throw miscounted(index);
        };
        return new Edit(kind, line.substring(1) + newline);
    }

    private void checkEnd(int index) {
        if (edits.stream().allMatch(edit -> edit.kind() == Kind.KEPT)) {
            throw text.refused(start, "this hunk changes nothing", "the patch is damaged");
        }
        if ((oldStart == 0 && oldCount > 0) || (newStart == 0 && newCount > 0)) {
            throw text.refused(start, "this hunk begins at line 0, before the file", "the patch is damaged");
        }
        checkNewlines(Kind.ADDED);
        checkNewlines(Kind.REMOVED);
        String next = text.at(index);
        boolean signature = next.equals("-- ") || next.equals("--") || next.startsWith("--- ") || next.equals("---");
        if (!next.isEmpty() && "+- ".indexOf(next.charAt(0)) >= 0 && !signature) {
            throw miscounted(index);
        }
    }

    /** Only the last line of a file is without a newline. */
    private void checkNewlines(Kind otherSide) {
        boolean ended = false;
        for (int i = 0; i < edits.size(); i++) {
            if (edits.get(i).kind() != otherSide) {
                if (ended) {
                    throw text.refused(start, "this hunk goes on after the end of the file", "the patch is damaged");
                }
                ended = !edits.get(i).text().endsWith("\n");
            }
        }
    }

    private RuntimeException miscounted(int index) {
        return text.refused(
                index,
                "does not belong to the hunk of line " + (start + 1) + ", which should have " + oldCount
                        + " lines before and " + newCount
                        + " after",
                "the patch is damaged, perhaps a mail program has wrapped its lines");
    }
}
