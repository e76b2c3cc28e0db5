// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that a C or assembler file includes, by the names it has for them, each behind the quote or bracket that
 * opens it: {@code "internal.h} and {@code <linux/fs.h}. Conditions are not looked at: every file that may be included
 * is. A file that defines the name of a file as a macro is taken to include it, for the sake of {@code #include MACRO}
 * in another one.
 */
final class IncludeScan {
    private static final Pattern INCLUDE = Pattern.compile("include\\s*([\"<])([^\">]+)[\">].*", Pattern.DOTALL);
    private static final Pattern MACRO =
            Pattern.compile("define\\s+\\w+\\s+([\"<])([\\w./+-]+\\.[ch])[\">]\\s*", Pattern.DOTALL);
    private static final Pattern TRACE =
            Pattern.compile("define\\s+TRACE_INCLUDE_FILE\\s+([\\w./-]+)\\s*", Pattern.DOTALL);

    private IncludeScan() {}

    static List<String> of(byte[] file) {
        List<String> includes = new ArrayList<>();
        int at = 0;
        while (at < file.length) {
            int start = skipBlanks(file, at);
            if (start < file.length && file[start] == '#') {
                int word = skipBlanks(file, start + 1);
                if (word < file.length && (file[word] == 'i' || file[word] == 'd')) {
                    int end = endOfLine(file, word);
                    directive(new String(file, word, end - word, StandardCharsets.ISO_8859_1), includes);
                    start = end;
                }
            }
            at = endOfLine(file, start) + 1;
        }
        return includes;
    }

    private static int skipBlanks(byte[] file, int from) {
        int at = from;
        while (at < file.length && (file[at] == ' ' || file[at] == '\t')) {
            at++;
        }
        return at;
    }

    private static int endOfLine(byte[] file, int from) {
        int at = from;
        while (at < file.length && file[at] != '\n') {
            at++;
        }
        return at;
    }

    private static void directive(String line, List<String> includes) {
        if (line.startsWith("include")) {
            add(INCLUDE.matcher(line), includes);
        } else if (line.startsWith("define") && (line.indexOf('"') >= 0 || line.indexOf('<') >= 0)) {
            add(MACRO.matcher(line), includes);
        } else if (line.startsWith("define") && line.contains("TRACE_INCLUDE_FILE")) {
            Matcher trace = TRACE.matcher(line);
            if (trace.matches()) {
                includes.add('"' + trace.group(1) + ".h");
                includes.add("<trace/events/" + trace.group(1) + ".h");
            }
        }
    }

    private static void add(Matcher matcher, List<String> includes) {
        if (matcher.matches()) {
            includes.add(matcher.group(1) + matcher.group(2));
        }
    }
}
