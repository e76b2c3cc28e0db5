// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The positions of symbols as one object file of the parent means them. */
public final class ObjectSymbols {
    private final SymbolList symbols;
    private final NameIndex index;
    private final List<Whereabouts> evidence;
    private final Map<String, ObjectSymbol> locals = new HashMap<>();

    ObjectSymbols(SymbolList symbols, NameIndex index, List<ObjectSymbol> defined, List<Whereabouts> evidence) {
        this.symbols = symbols;
        this.index = index;
        this.evidence = evidence;
        for (ObjectSymbol symbol : defined) {
            if (symbol.local()) {
                locals.putIfAbsent(symbol.name(), symbol);
            }
        }
    }

    /**
     * Where a symbol is that the object defines, or that it refers to and the parent defines globally.
     *
     * @param local whether it is local in the object
     */
    public Position position(String name, boolean local) {
        int[] all = index.named(name);
        int[] found = Candidates.of(symbols, all, local ? SymbolList.LOCAL : SymbolList.GLOBAL);
        if (local) {
            ObjectSymbol symbol = locals.get(name);
            if (symbol == null) {
                return new Position.Absent();
            }
            found = Candidates.of(symbols, found, Candidates.kind(symbol));
            for (Whereabouts whereabouts : evidence) {
                found = whereabouts.among(found, symbol);
            }
        }
        return switch (found.length) {
            case 0 -> new Position.Absent();
            case 1 -> new Position.At(all.length == 1 ? 0 : Arrays.binarySearch(all, found[0]) + 1);
            default -> new Position.Ambiguous(found.length);
        };
    }

    /** Whether the parent has another in place of a weak symbol of the object. */
    public boolean isOverridden(String name) {
        int[] found = Candidates.of(symbols, index.named(name), SymbolList.GLOBAL);
        return found.length > 0 && Candidates.of(symbols, found, SymbolList.WEAK).length == 0;
    }
}
