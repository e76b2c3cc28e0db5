// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import io.github.kpatch.elf.ElfHeader;
import io.github.kpatch.elf.ElfSection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an object: header, sections, each followed by its relocations, symbol table, string tables, section headers.
 * Local symbols go before global ones, as the gABI wants ("Symbol Table"); otherwise the order stays.
 */
final class ObjectWriter {
    private static final int HEADER = 64;
    private static final int SYMBOL = 24;
    private static final int RELOCATION = 24;
    private static final int SHN_LORESERVE = 0xff00;
    private static final int SHN_XINDEX = 0xffff;
    private static final long SHF_INFO_LINK = 0x40;

    private record Header(
            String name, int type, long flags, long offset, long size, int link, int info, long align, long entry) {}

    private final RelocatableObject object;
    private final Output output = new Output();
    private final StringTable names = new StringTable();
    private final List<Header> headers = new ArrayList<>();
    private final Map<Section, Integer> sectionNumbers = new LinkedHashMap<>();
    private final Map<Symbol, Integer> symbolNumbers = new LinkedHashMap<>();
    private final List<Symbol> symbols = new ArrayList<>();
    private int firstGlobal;
    private int symbolTable;

    ObjectWriter(RelocatableObject object) {
        this.object = object;
    }

    byte[] write() {
        numberSections();
        numberSymbols();
        output.zeros(HEADER);
        headers.add(new Header("", ElfSection.SHT_NULL, 0, 0, 0, 0, 0, 0, 0));
        for (Section section : object.sections()) {
            writeSection(section);
            if (!section.relocations().isEmpty()) {
                writeRelocations(".rela" + section.name(), 0, section, section.relocations());
            }
        }
        for (RelocationSection more : object.moreRelocations()) {
            writeRelocations(more.name(), more.flags(), more.target(), more.relocations());
        }
        writeSymbols();
        return finish();
    }

    /** A section of relocations stands behind the one that it is for. */
    private void numberSections() {
        int number = 1;
        for (Section section : object.sections()) {
            sectionNumbers.put(section, number);
            number += section.relocations().isEmpty() ? 1 : 2;
        }
        symbolTable = number + object.moreRelocations().size();
    }

    private int numberOf(Section section) {
        Integer number = sectionNumbers.get(section);
        if (number == null) {
            throw new IllegalStateException("section " + section + " is not part of the object");
        }
        return number;
    }

    private void numberSymbols() {
        object.symbols().stream().filter(Symbol::isLocal).forEach(symbols::add);
        firstGlobal = symbols.size() + 1;
        object.symbols().stream().filter(symbol -> !symbol.isLocal()).forEach(symbols::add);
        for (int i = 0; i < symbols.size(); i++) {
            symbolNumbers.put(symbols.get(i), i + 1);
        }
    }

    /** Zero is the first symbol, which is none: relocations of no symbol have it. */
    private long numberOf(Symbol symbol) {
        Integer number = symbolNumbers.get(symbol);
        if (number == null && !(symbol.isUndefined() && symbol.name().isEmpty())) {
            throw new IllegalStateException("symbol " + symbol + " is not part of the object");
        }
        return number == null ? 0 : number;
    }

    private void writeSection(Section section) {
        output.align(section.hasContent() ? section.alignment() : 1);
        headers.add(new Header(
                section.name(),
                section.type(),
                section.flags(),
                output.size(),
                section.size(),
                section.link().map(this::numberOf).orElse(0),
                0,
                section.alignment(),
                section.entrySize()));
        output.bytes(section.content());
    }

    private void writeRelocations(String name, long flags, Section target, List<Relocation> relocations) {
        output.align(8);
        headers.add(new Header(
                name,
                ElfSection.SHT_RELA,
                SHF_INFO_LINK | flags,
                output.size(),
                (long) relocations.size() * RELOCATION,
                symbolTable,
                numberOf(target),
                8,
                RELOCATION));
        for (Relocation relocation : relocations) {
            output.u64(relocation.offset());
            output.u64(numberOf(relocation.symbol()) << 32 | Integer.toUnsignedLong(relocation.type()));
            output.u64(relocation.addend());
        }
    }

    private void writeSymbols() {
        StringTable strings = new StringTable();
        output.align(8);
        boolean extended = symbolTable >= SHN_LORESERVE;
        Output indexes = new Output();
        long start = output.size();
        output.zeros(SYMBOL);
        indexes.u32(0);
        for (Symbol symbol : symbols) {
            int home = symbol.section().map(this::numberOf).orElse(symbol.reserved());
            boolean tooBig = symbol.section().isPresent() && home >= SHN_LORESERVE;
            output.u32(strings.add(symbol.isSection() ? "" : symbol.name()));
            output.u8(symbol.binding() << 4 | symbol.type());
            output.u8(symbol.other());
            output.u16(tooBig ? SHN_XINDEX : home);
            output.u64(symbol.value());
            output.u64(symbol.size());
            indexes.u32(tooBig ? home : 0);
        }
        headers.add(new Header(
                ".symtab",
                ElfSection.SHT_SYMTAB,
                0,
                start,
                output.size() - start,
                symbolTable + 1,
                firstGlobal,
                8,
                SYMBOL));
        writeTable(".strtab", ElfSection.SHT_STRTAB, strings.toBytes(), 0, 0);
        if (extended) {
            output.align(4);
            writeTable(".symtab_shndx", ElfSection.SHT_SYMTAB_SHNDX, indexes.toBytes(), symbolTable, 4);
        }
    }

    private void writeTable(String name, int type, byte[] content, int link, long entry) {
        headers.add(new Header(name, type, 0, output.size(), content.length, link, 0, Math.max(1, entry), entry));
        output.bytes(content);
    }

    private byte[] finish() {
        int[] nameOffsets = headers.stream().mapToInt(h -> names.add(h.name())).toArray();
        int namesName = names.add(".shstrtab");
        headers.add(
                new Header(".shstrtab", ElfSection.SHT_STRTAB, 0, output.size(), names.toBytes().length, 0, 0, 1, 0));
        output.bytes(names.toBytes());
        output.align(8);
        long table = output.size();
        int count = headers.size();
        for (int i = 0; i < count; i++) {
            writeHeader(headers.get(i), i < nameOffsets.length ? nameOffsets[i] : namesName, i == 0 ? count : 0);
        }
        byte[] file = output.toBytes();
        fileHeader(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN), table, count);
        return file;
    }

    /** The first header has the numbers that are too big for the header of the file. */
    private void writeHeader(Header header, int name, int count) {
        boolean first = count > 0;
        output.u32(name);
        output.u32(header.type());
        output.u64(header.flags());
        output.u64(0);
        output.u64(first ? 0 : header.offset());
        output.u64(first && count >= SHN_LORESERVE ? count : header.size());
        output.u32(first && count > SHN_LORESERVE ? count - 1 : header.link());
        output.u32(header.info());
        output.u64(header.align());
        output.u64(header.entry());
    }

    private void fileHeader(ByteBuffer file, long table, int count) {
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        file.putShort(16, (short) ElfHeader.ET_REL);
        file.putShort(18, (short) object.machine());
        file.putInt(20, 1);
        file.putLong(40, table);
        file.putInt(48, (int) object.flags());
        file.putShort(52, (short) HEADER);
        file.putShort(58, (short) HEADER);
        file.putShort(60, (short) (count >= SHN_LORESERVE ? 0 : count));
        file.putShort(62, (short) (count > SHN_LORESERVE ? SHN_XINDEX : count - 1));
    }
}
