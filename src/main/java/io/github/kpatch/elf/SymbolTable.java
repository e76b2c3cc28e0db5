// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The symbols of an object, each decoded when it is asked for. */
public final class SymbolTable {
    private static final int ENTRY_SIZE = 24;
    private static final int SHN_LORESERVE = 0xff00;
    private static final int SHN_XINDEX = 0xffff;

    private final ElfBytes bytes;
    private final ElfSection section;
    private final ElfSection strings;
    private final Optional<ElfSection> extendedIndexes;
    private final int sectionCount;
    private final int count;

    SymbolTable(
            ElfBytes bytes,
            ElfSection section,
            ElfSection strings,
            Optional<ElfSection> extendedIndexes,
            int sectionCount)
            throws MalformedElfException {
        this.bytes = bytes;
        this.section = section;
        this.strings = strings;
        this.extendedIndexes = extendedIndexes;
        this.sectionCount = sectionCount;
        this.count = section.entries(ENTRY_SIZE);
    }

    public int size() {
        return count;
    }

    /** The index of the section that the table is in, which relocation sections refer to. */
    public int sectionIndex() {
        return section.index();
    }

    /** The symbol with the given number, which may come straight from a file. */
    public ElfSymbol get(long index) throws MalformedElfException {
        if (index < 0 || index >= count) {
            throw MalformedElfException.corrupt(section.offset(), "there is no symbol " + index);
        }
        long at = section.offset() + index * ENTRY_SIZE;
        int info = bytes.u8(at + 4);
        long home = bytes.u16(at + 6);
        int reserved = 0;
        if (home == SHN_XINDEX) {
            home = extendedIndex(index);
        } else if (home >= SHN_LORESERVE) {
            reserved = (int) home;
            home = 0;
        }
        if (home >= sectionCount) {
            throw MalformedElfException.corrupt(at + 6, "symbol " + index + " is in a section that does not exist");
        }
        return new ElfSymbol(
                bytes.u32(at),
                info >> 4,
                info & 0xf,
                bytes.u8(at + 5),
                (int) home,
                reserved,
                bytes.u64(at + 8),
                bytes.u64(at + 16));
    }

    private long extendedIndex(long index) throws MalformedElfException {
        if (extendedIndexes.isEmpty() || index >= extendedIndexes.get().entries(4)) {
            throw MalformedElfException.corrupt(section.offset(), "symbol " + index + " lacks its extended index");
        }
        return bytes.u32(extendedIndexes.get().offset() + index * 4);
    }

    /** The name of a symbol, refused if longer than {@code maxLength} bytes. */
    public String nameOf(ElfSymbol symbol, int maxLength) throws MalformedElfException {
        return bytes.string(strings.offset() + symbol.nameOffset(), strings.offset() + strings.size(), maxLength);
    }

    /** Whether the object wants a symbol of this name from elsewhere. */
    public boolean needs(String name) throws MalformedElfException {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        for (int i = 1; i < count; i++) {
            long at = section.offset() + (long) i * ENTRY_SIZE;
            if (bytes.u16(at + 6) == 0
                    && bytes.isString(strings.offset() + bytes.u32(at), strings.offset() + strings.size(), wanted)) {
                return true;
            }
        }
        return false;
    }
}
