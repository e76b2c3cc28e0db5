// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Has the compiler number the lines of a changed source as before, by {@code #line} where a change has moved them:
 * otherwise each function below that has the number of a line in it, for a warning, would be another one.
 */
final class LineNumbers {
    /** Of lines added and removed. With more, it is not worth the time, and the numbers move. */
    private static final int MOST_CHANGES = 3_000;

    private static final int NEW = -1;

    private final List<String> lines;
    private final int[] before;

    private LineNumbers(List<String> lines, int[] before) {
        this.lines = lines;
        this.before = before;
    }

    /** The changed text, with directives where they are needed. */
    static String keep(String original, String changed) {
        List<String> before = lines(original);
        List<String> after = lines(changed);
        return new LineNumbers(after, origins(before, after)).withDirectives();
    }

    /** With their ends: the last may have none. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start) + 1;
            end = end == 0 ? text.length() : end;
            lines.add(text.substring(start, end));
            start = end;
        }
        return lines;
    }

    private String withDirectives() {
        StringBuilder text = new StringBuilder();
        boolean inComment = false;
        boolean continued = false;
        int number = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (before[i] != NEW && before[i] != number && !inComment && !continued) {
                text.append("#line ").append(before[i] + 1).append('\n');
                number = before[i];
            }
            String line = lines.get(i);
            text.append(line);
            number++;
            inComment = endsInComment(line, inComment);
            continued = line.stripTrailing().endsWith("\\");
        }
        return text.toString();
    }

    private static boolean endsInComment(String line, boolean begins) {
        boolean inComment = begins;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (inComment) {
                if (line.startsWith("*/", i)) {
                    inComment = false;
                    i++;
                }
            } else if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (line.startsWith("//", i)) {
                return false;
            } else if (line.startsWith("/*", i)) {
                inComment = true;
                i++;
            }
        }
        return inComment;
    }

    /** For each line of the new text which of the old one it is, by the shortest way from one to the other (Myers). */
    private static int[] origins(List<String> before, List<String> after) {
        List<int[]> steps = new ArrayList<>();
        int[] furthest = new int[2 * MOST_CHANGES + 3];
        int middle = MOST_CHANGES + 1;
        for (int changes = 0; changes <= MOST_CHANGES; changes++) {
            for (int diagonal = -changes; diagonal <= changes; diagonal += 2) {
                int at = middle + diagonal;
                boolean added = diagonal == -changes || (diagonal != changes && furthest[at - 1] < furthest[at + 1]);
                int x = added ? furthest[at + 1] : furthest[at - 1] + 1;
                while (isSame(before, x, after, x - diagonal)) {
                    x++;
                }
                furthest[at] = x;
                if (x >= before.size() && x - diagonal >= after.size()) {
                    return backwards(before, after, steps);
                }
            }
            steps.add(Arrays.copyOfRange(furthest, middle - changes - 1, middle + changes + 2));
        }
        int[] unchanged = new int[after.size()];
        Arrays.fill(unchanged, NEW);
        return unchanged;
    }

    private static boolean isSame(List<String> before, int x, List<String> after, int y) {
        return x < before.size() && y >= 0 && y < after.size() && before.get(x).equals(after.get(y));
    }

    private static int[] backwards(List<String> before, List<String> after, List<int[]> steps) {
        int[] origins = new int[after.size()];
        Arrays.fill(origins, NEW);
        int x = before.size();
        int y = after.size();
        for (int changes = steps.size(); changes > 0; changes--) {
            int[] furthest = steps.get(changes - 1);
            int diagonal = x - y;
            int at = changes + diagonal;
            boolean added = diagonal == -changes || (diagonal != changes && furthest[at - 1] < furthest[at + 1]);
            int startX = added ? furthest[at + 1] : furthest[at - 1];
            int startY = startX - (added ? diagonal + 1 : diagonal - 1);
            int sameFrom = added ? startX : startX + 1;
            while (x > sameFrom) {
                origins[--y] = --x;
            }
            x = startX;
            y = startY;
        }
        while (x > 0 && y > 0) {
            origins[--y] = --x;
        }
        return origins;
    }
}
