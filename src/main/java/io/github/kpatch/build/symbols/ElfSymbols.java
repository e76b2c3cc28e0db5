// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.SymbolTable;

/** Reads the symbol table of a kernel or a module. */
final class ElfSymbols {
    private static final int LONGEST_NAME = 4096;

    private ElfSymbols() {}

    static SymbolList read(ElfObject elf, boolean kernel) throws NoSymbolsException {
        try {
            SymbolTable table = elf.symbols()
                    .orElseThrow(() -> new NoSymbolsException("has no symbol table; it was stripped of it"));
            SymbolRows rows = new SymbolRows(kernel);
            for (int i = 1; i < table.size(); i++) {
                ElfSymbol symbol = table.get(i);
                int home = symbol.reserved() == 0 ? symbol.section() : symbol.reserved();
                rows.add(table.nameOf(symbol, LONGEST_NAME), symbol.type(), symbol.binding(), home, symbol.value());
            }
            return rows.symbols();
        } catch (MalformedElfException e) {
            throw new NoSymbolsException(String.valueOf(e.getMessage()), e);
        }
    }
}
