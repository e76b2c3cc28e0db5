// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import io.github.kpatch.elf.ElfSymbol;

/**
 * Takes the symbols of an ELF symbol table, one after the other, and keeps those that the kernel has names for: of its
 * own what nm(1) shows without debugging symbols (scripts/mksysmap), of a module all that it defines.
 */
final class SymbolRows {
    static final int STB_LOCAL = 0;
    static final int STB_GLOBAL = 1;
    static final int STT_FILE = 4;
    static final int SHN_ABS = 0xfff1;

    private final SymbolList.Builder symbols = new SymbolList.Builder();
    private final boolean kernel;
    private int file = SymbolList.NO_FILE;

    SymbolRows(boolean kernel) {
        this.kernel = kernel;
    }

    /**
     * Takes the next symbol.
     *
     * @param home {@code st_shndx}, 0 if it is undefined
     */
    void add(String name, int type, int binding, int home, long value) {
        if (type == STT_FILE) {
            file = symbols.addFile(name);
        } else if (home != 0 && type != ElfSymbol.STT_SECTION && !name.isEmpty() && isSeen(name, home)) {
            boolean local = binding == STB_LOCAL;
            int flags = (local ? SymbolList.LOCAL : SymbolList.GLOBAL) | kind(type) | weak(binding);
            // those of a module are in sections that have no address yet
            long address = kernel ? value : (long) home << 40 | value;
            symbols.add(name, address, flags, local ? file : SymbolList.NO_FILE);
        }
    }

    private boolean isSeen(String name, int home) {
        return !kernel || (home != SHN_ABS && !name.startsWith(".L"));
    }

    private static int weak(int binding) {
        return binding == ElfSymbol.STB_WEAK ? SymbolList.WEAK : 0;
    }

    private static int kind(int type) {
        return switch (type) {
            case ElfSymbol.STT_FUNC -> SymbolList.TEXT;
            case ElfSymbol.STT_OBJECT -> SymbolList.DATA;
            default -> SymbolList.TEXT | SymbolList.DATA;
        };
    }

    SymbolList symbols() throws NoSymbolsException {
        if (symbols.size() == 0) {
            throw new NoSymbolsException("has no symbols in it");
        }
        return kernel ? symbols.sortedByAddress() : symbols.build();
    }
}
