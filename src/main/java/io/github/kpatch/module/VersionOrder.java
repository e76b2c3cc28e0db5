// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.util.Comparator;

/**
 * The order of version numbers in names, that of {@code sort -V}, so that {@code kpatch-9} comes before
 * {@code kpatch-10}. The rule, as the manual of the GNU coreutils describes it ("Version sort ordering"):
 *
 * <ul>
 *   <li>Text without digits and numbers are compared in turn, from the left.
 *   <li>In text {@code ~} comes before everything, even before the end of the name; then the end or a number; then
 *       letters by their codes; then all other characters by their codes.
 *   <li>Numbers are compared by value, however long.
 *   <li>Names that begin with a dot come first, {@code .} and {@code ..} before those, the empty name before all.
 *   <li>Suffixes, each a dot, a letter or {@code ~}, and then letters, digits and {@code ~}, are left off at first and
 *       count only if there is no other difference.
 *   <li>Names that are still the same ({@code 1.01} and {@code 1.1}) are ordered as text, so no two different names are.
 * </ul>
 */
public final class VersionOrder implements Comparator<String> {
    @Override
    public int compare(String a, String b) {
        int special = Integer.compare(specialRank(a), specialRank(b));
        if (special != 0 || a.equals(b)) {
            return special;
        }
        int order = compareParts(a, withoutSuffixes(a), b, withoutSuffixes(b));
        if (order == 0) {
            order = compareParts(a, a.length(), b, b.length());
        }
        return order != 0 ? order : a.compareTo(b);
    }

    private static int specialRank(String name) {
        if (!name.startsWith(".")) {
            return name.isEmpty() ? 0 : 4;
        }
        return name.equals(".") ? 1 : name.equals("..") ? 2 : 3;
    }

    private static int withoutSuffixes(String name) {
        int end = name.length();
        int i = name.length();
        while (i > 0) {
            char c = name.charAt(--i);
            if (c == '.') {
                char next = i + 1 < end ? name.charAt(i + 1) : '.';
                if (!isLetter(next) && next != '~') {
                    return end;
                }
                end = i;
            } else if (!isLetter(c) && !isDigit(c) && c != '~') {
                return end;
            }
        }
        return end;
    }

    private static int compareParts(String a, int endA, String b, int endB) {
        int i = 0;
        int j = 0;
        while (i < endA || j < endB) {
            while ((i < endA && !isDigit(a.charAt(i))) || (j < endB && !isDigit(b.charAt(j)))) {
                boolean same = i < endA && j < endB && a.charAt(i) == b.charAt(j);
                int order = same ? 0 : Integer.compare(rank(a, i, endA), rank(b, j, endB));
                if (order != 0) {
                    return order;
                }
                i++;
                j++;
            }
            int numberA = skipZeros(a, i, endA);
            int numberB = skipZeros(b, j, endB);
            i = skipDigits(a, numberA, endA);
            j = skipDigits(b, numberB, endB);
            int order = compareNumbers(a, numberA, i, b, numberB, j);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int rank(String name, int at, int end) {
        if (at >= end) {
            return -1;
        }
        char c = name.charAt(at);
        if (isDigit(c)) {
            return 0;
        }
        if (isLetter(c)) {
            return c;
        }
        return c == '~' ? -2 : c + 0x100;
    }

    private static int compareNumbers(String a, int startA, int endA, String b, int startB, int endB) {
        int order = Integer.compare(endA - startA, endB - startB);
        for (int i = 0; order == 0 && i < endA - startA; i++) {
            order = Character.compare(a.charAt(startA + i), b.charAt(startB + i));
        }
        return order;
    }

    private static int skipZeros(String name, int from, int end) {
        int i = from;
        while (i < end && name.charAt(i) == '0') {
            i++;
        }
        return i;
    }

    private static int skipDigits(String name, int from, int end) {
        int i = from;
        while (i < end && isDigit(name.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
