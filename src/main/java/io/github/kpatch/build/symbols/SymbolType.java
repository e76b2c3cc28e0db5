// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

/** The letters by which nm(1), System.map and /proc/kallsyms tell what a symbol is. */
final class SymbolType {
    private SymbolType() {}

    /** What a letter says, in the flags of {@link SymbolList}. */
    static int flags(char letter) {
        return switch (letter) {
            case 'A', '?', '-' -> // on x86-64 all per-CPU variables are A
                SymbolList.LOCAL | SymbolList.GLOBAL | SymbolList.DATA;
            case 'T' -> SymbolList.GLOBAL | SymbolList.TEXT;
            case 't' -> SymbolList.LOCAL | SymbolList.TEXT;
            case 'W', 'w' -> SymbolList.GLOBAL | SymbolList.WEAK | SymbolList.TEXT;
            case 'V', 'v' -> SymbolList.GLOBAL | SymbolList.WEAK | SymbolList.DATA;
            default -> (Character.isUpperCase(letter) ? SymbolList.GLOBAL : SymbolList.LOCAL) | SymbolList.DATA;
        };
    }

    static boolean is(char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') || letter == '?' || letter == '-';
    }
}
