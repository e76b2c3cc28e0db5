// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds symbols by {@link SymbolName#base}: chains in two arrays, since a map of 200,000 strings would cost 20 MiB. */
final class NameIndex {
    private final SymbolList symbols;
    private final int[] firsts;
    private final int[] nexts;

    NameIndex(SymbolList symbols) {
        this.symbols = symbols;
        this.firsts = new int[Integer.highestOneBit(Math.max(16, symbols.size())) * 2];
        this.nexts = new int[symbols.size()];
        Arrays.fill(firsts, -1);
        for (int i = symbols.size() - 1; i >= 0; i--) { // so that chains rise
            int slot = slot(SymbolName.base(symbols.name(i)));
            nexts[i] = firsts[slot];
            firsts[slot] = i;
        }
    }

    private int slot(String base) {
        int hash = base.hashCode() * 0x9e3779b9;
        return hash >>> (Integer.numberOfLeadingZeros(firsts.length) + 1);
    }

    /** Those of a base name, in the order of the list. */
    int[] withBase(String base) {
        int[] found = new int[4];
        int count = 0;
        for (int i = firsts[slot(base)]; i >= 0; i = nexts[i]) {
            if (SymbolName.base(symbols.name(i)).equals(base)) {
                found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** Those of exactly that name, in the order of the list. */
    int[] named(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.ISO_8859_1);
        int[] found = withBase(SymbolName.base(name));
        int count = 0;
        for (int index : found) {
            if (symbols.isNamed(index, wanted)) {
                found[count++] = index;
            }
        }
        return Arrays.copyOf(found, count);
    }
}
