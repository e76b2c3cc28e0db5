// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

/** What of a symbol's name is the author's own, and what compilers and tools have put on it. */
final class SymbolName {
    /** Before each function there is such a symbol since Linux 6.2, where functions are padded. */
    private static final String PADDING = "__pfx_";

    /** Linux's __UNIQUE_ID(), which ends in a number that depends on all that was compiled before. */
    private static final String UNIQUE = "__UNIQUE_ID_";

    private SymbolName() {}

    /** The name without {@code .isra.0}, {@code .constprop.0}, {@code .cold}, {@code .123} and their like. */
    static String base(String name) {
        int start = name.startsWith(PADDING) ? PADDING.length() : 0;
        int end = name.indexOf('.', start + 1);
        end = end < 0 ? name.length() : end;
        if (name.startsWith(UNIQUE, start)) {
            while (end > start + UNIQUE.length() && Character.isDigit(name.charAt(end - 1))) {
                end--;
            }
        }
        return name.substring(start, end);
    }

    /**
     * Whether every build of the same source has the name, if it has any name for it: the numbers of {@code x.1} and the
     * parts that optimizations split off may differ from one build to the next.
     */
    static boolean isPlain(String name) {
        return base(name).length() == name.length() && !name.startsWith(UNIQUE);
    }
}
