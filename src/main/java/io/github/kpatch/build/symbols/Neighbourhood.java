// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Where an object's symbols are in a parent that does not tell source files apart.
 *
 * <p>A linker keeps together what an object has in one section (ld(1), "Input Section Basics"): by rising address, these
 * symbols stand side by side. In the symbol table of a module the object's local symbols do, whatever their section. So
 * of several symbols of one name the object's is the one in the row of names that are all the object's; most of all if it
 * is between two that cannot be another object's.
 */
final class Neighbourhood implements Whereabouts {
    private static final int NONE = -1;

    /** With more names than these in a section, one that is beside none of the others is not the object's. */
    private static final int SURE = 4;

    private final SymbolList symbols;

    /** What stands side by side with what: indexes of symbols, and for each symbol its place among them. */
    private final int[] order;

    private final int[] places;
    private final boolean byPiece;
    private final Map<String, Integer> pieces = new HashMap<>();

    /** For each name of the object that the parent has, its piece. */
    private final Map<String, Integer> pieceOf = new HashMap<>();

    /** At which places there is a name that may come from the object. */
    private final boolean[] members;

    /** At which places there is a symbol that is the object's without doubt: its piece. */
    private final int[] anchors;

    private Neighbourhood(
            SymbolList symbols, NameIndex index, int[] order, List<ObjectSymbol> defined, boolean byPiece) {
        this.symbols = symbols;
        this.order = order;
        this.byPiece = byPiece;
        this.members = new boolean[order.length];
        this.anchors = new int[order.length];
        this.places = new int[symbols.size()];
        Arrays.fill(anchors, NONE);
        Arrays.fill(places, NONE);
        for (int place = 0; place < order.length; place++) {
            places[order[place]] = place;
        }
        defined.forEach(symbol -> mark(symbol, index));
    }

    /** By address: the symbols of one section of the object stand together. */
    static Neighbourhood byAddress(SymbolList symbols, NameIndex index, List<ObjectSymbol> defined) {
        return new Neighbourhood(symbols, index, symbols.byAddress(), defined, true);
    }

    /** By the order of a symbol table: all local symbols of the object stand together. */
    static Neighbourhood byTable(SymbolList symbols, NameIndex index, List<ObjectSymbol> defined) {
        int[] locals = IntStream.range(0, symbols.size())
                .filter(i -> symbols.is(i, SymbolList.LOCAL))
                .toArray();
        return new Neighbourhood(symbols, index, locals, defined, false);
    }

    private void mark(ObjectSymbol symbol, NameIndex index) {
        int binding = symbol.local() ? SymbolList.LOCAL : SymbolList.GLOBAL;
        for (int candidate : Candidates.of(symbols, index.withBase(SymbolName.base(symbol.name())), binding)) {
            if (places[candidate] != NONE) {
                members[places[candidate]] = true;
            }
        }
        int[] found = Candidates.of(symbols, index.named(symbol.name()), binding);
        found = Candidates.of(symbols, found, Candidates.kind(symbol));
        if (found.length > 0 && places[found[0]] != NONE) {
            int piece = pieces.computeIfAbsent(byPiece ? symbol.piece() : "", unknown -> pieces.size());
            pieceOf.put(symbol.name(), piece);
            if (found.length == 1) {
                anchors[places[found[0]]] = piece;
            }
        }
    }

    /** A row of symbols with names of the object, and how well it fits. */
    private final class Row {
        private final int place;
        private final int first;
        private final int last;

        Row(int place) {
            this.place = place;
            int start = place;
            while (start > 0 && members[start - 1]) {
                start--;
            }
            int end = place;
            while (end < members.length - 1 && members[end + 1]) {
                end++;
            }
            this.first = start;
            this.last = end;
        }

        /** How many other names of the piece are in it. */
        int others(int piece) {
            Set<String> names = new HashSet<>();
            for (int i = first; i <= last; i++) {
                String name = symbols.name(order[i]);
                if (pieceOf.getOrDefault(name, NONE) == piece) {
                    names.add(name);
                }
            }
            return names.size() - 1;
        }

        /** Whether the candidate is between two that are the object's without doubt. */
        boolean isInside(int piece) {
            return hasAnchor(first, place, piece) && hasAnchor(place + 1, last + 1, piece);
        }

        private boolean hasAnchor(int from, int to, int piece) {
            for (int i = from; i < to; i++) {
                if (anchors[i] == piece) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public int[] among(int[] candidates, ObjectSymbol symbol) {
        int piece = pieceOf.getOrDefault(symbol.name(), NONE);
        if (candidates.length < 2) {
            return candidates.length == 1 && isElsewhere(candidates[0], symbol, piece) ? new int[0] : candidates;
        }
        Set<Integer> inside = new TreeSet<>();
        Set<Integer> best = new TreeSet<>();
        int most = Math.max(1, (namesIn(piece) - 1) / 2);
        for (int candidate : candidates) {
            Row row = new Row(places[candidate]);
            int others = row.others(piece);
            if (row.isInside(piece)) {
                inside.add(candidate);
            }
            if (others > most) {
                best.clear();
            }
            if (others >= most) {
                most = others;
                best.add(candidate);
            }
        }
        Set<Integer> found = inside.size() == 1 ? inside : best;
        return found.isEmpty()
                ? candidates
                : found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether the only function of a name is another object's: this one has many in that section, and it is beside none. */
    private boolean isElsewhere(int candidate, ObjectSymbol symbol, int piece) {
        return symbol.function()
                && !symbol.section().isEmpty()
                && namesIn(piece) > SURE
                && new Row(places[candidate]).others(piece) == 0;
    }

    private int namesIn(int piece) {
        int count = 0;
        for (int other : pieceOf.values()) {
            count += other == piece ? 1 : 0;
        }
        return count;
    }
}
