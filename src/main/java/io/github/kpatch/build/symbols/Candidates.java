// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.util.Arrays;

/** Some symbols of a list, by their indexes, which rise. */
final class Candidates {
    private Candidates() {}

    /** Those that may be what some flags say. */
    static int[] of(SymbolList symbols, int[] candidates, int flags) {
        int[] found = new int[candidates.length];
        int count = 0;
        for (int candidate : candidates) {
            if (symbols.is(candidate, flags)) {
                found[count++] = candidate;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** What a symbol has to be in the parent: a label may be anything. */
    static int kind(ObjectSymbol symbol) {
        if (symbol.function()) {
            return SymbolList.TEXT;
        }
        return symbol.size() == 0 ? SymbolList.TEXT | SymbolList.DATA : SymbolList.DATA;
    }
}
