// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The local symbols behind one FILE symbol (gABI, "Symbol Table": the locals of a source file follow it). Several files
 * may have the same name, such as {@code core.c}: the object's is the one that has most of its locals.
 */
final class FileGroup implements Whereabouts {
    private final SymbolList symbols;
    private final List<Integer> files;

    private FileGroup(SymbolList symbols, List<Integer> files) {
        this.symbols = symbols;
        this.files = files;
    }

    /** The object's group, or those that agree with it equally well; empty if no file of that name agrees with it. */
    static Optional<Whereabouts> find(
            SymbolList symbols, NameIndex index, List<ObjectSymbol> defined, String fileName) {
        int[] agreeing = new int[symbols.fileNames().size()];
        int wanted = 0;
        for (ObjectSymbol symbol : defined) {
            if (symbol.local() && SymbolName.isPlain(symbol.name())) {
                wanted++;
                int[] found = Candidates.of(symbols, index.named(symbol.name()), Candidates.kind(symbol));
                for (int candidate : found) {
                    if (symbols.file(candidate) != SymbolList.NO_FILE) {
                        agreeing[symbols.file(candidate)]++;
                    }
                }
            }
        }
        int most = Math.max(1, wanted / 2);
        List<Integer> best = new ArrayList<>();
        for (int file = 0; file < agreeing.length; file++) {
            if (agreeing[file] >= most && symbols.fileNames().get(file).equals(fileName)) {
                if (agreeing[file] > most) {
                    best.clear();
                }
                most = agreeing[file];
                best.add(file);
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(new FileGroup(symbols, best));
    }

    @Override
    public int[] among(int[] candidates, ObjectSymbol symbol) {
        int[] found = new int[candidates.length];
        int count = 0;
        for (int candidate : candidates) {
            if (files.contains(symbols.file(candidate))) {
                found[count++] = candidate;
            }
        }
        return Arrays.copyOf(found, count);
    }
}
