// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

/** Text from outside, made harmless: no character in it moves a cursor, ends a line or turns the writing around. */
final class SafeText {
    private SafeText() {}

    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' || c > '~') && isHarmful(c)) {
                return escape(text);
            }
        }
        return text;
    }

    private static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isHarmful(c)) {
                safe.append("\\u");
                String digits = Integer.toHexString(c);
                safe.append("0000", 0, 4 - digits.length()).append(digits);
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    /** C0 and C1 controls, line and paragraph separators, and the marks that change the direction of writing. */
    private static boolean isHarmful(char c) {
        return c < ' '
                || isBetween(c, 0x7f, 0x9f)
                || c == 0x061c
                || isBetween(c, 0x200e, 0x200f)
                || isBetween(c, 0x2028, 0x202e)
                || isBetween(c, 0x2066, 0x2069);
    }

    private static boolean isBetween(char c, int first, int last) {
        return c >= first && c <= last;
    }
}
