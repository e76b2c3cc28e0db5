// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.elf.ElfHeader;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.ElfSymbol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds relocatable ELF objects byte by byte: the sections and symbols that a test names, in that order, then the
 * relocations, the symbol table and the string tables, then the section headers.
 */
public final class ElfBuilder {
    public static final long ALLOC = ElfSection.SHF_ALLOC;
    public static final long WRITE = ElfSection.SHF_WRITE;
    public static final long EXEC = ElfSection.SHF_EXECINSTR;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Section(
            String name, int type, long flags, byte[] content, long size, int link, int info, int entry) {}

    private record Symbol(String name, int type, int section, long value, long size) {}

    private record Relocation(long offset, int symbol, int type, long addend) {}

    private final List<Section> sections = new ArrayList<>();
    private final List<Symbol> symbols = new ArrayList<>();
    private final Map<Integer, List<Relocation>> relocations = new LinkedHashMap<>();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private int type = ElfHeader.ET_REL;
    private int machine = 62;

    public ElfBuilder() {
        sections.add(new Section("", ElfSection.SHT_NULL, 0, new byte[0], 0, 0, 0, 0));
        symbols.add(new Symbol("", 0, 0, 0, 0));
    }

    public ElfBuilder byteOrder(ByteOrder byteOrder) {
        this.order = byteOrder;
        return this;
    }

    public ElfBuilder type(int elfType) {
        this.type = elfType;
        return this;
    }

    public ElfBuilder machine(int number) {
        this.machine = number;
        return this;
    }

    /** A section with content, {@code SHT_PROGBITS}. */
    public ElfBuilder section(String name, long flags, byte[] content) {
        return section(name, ElfSection.SHT_PROGBITS, flags, content);
    }

    public ElfBuilder section(String name, int sectionType, long flags, byte[] content) {
        sections.add(new Section(name, sectionType, flags, content.clone(), content.length, 0, 0, 0));
        return this;
    }

    /** A section that has a size only, {@code SHT_NOBITS}. */
    public ElfBuilder empty(String name, long flags, long size) {
        sections.add(new Section(name, ElfSection.SHT_NOBITS, flags, new byte[0], size, 0, 0, 0));
        return this;
    }

    /** A symbol for a whole section, as compilers make them; relocations name it by the section. */
    public ElfBuilder sectionSymbol(String section) {
        return symbol(section, ElfSymbol.STT_SECTION, section, 0, 0);
    }

    public ElfBuilder symbol(String name, int symbolType, String section, long value, long size) {
        symbols.add(new Symbol(name, symbolType, indexOf(section), value, size));
        return this;
    }

    public ElfBuilder undefined(String name) {
        symbols.add(new Symbol(name, 0, 0, 0, 0));
        return this;
    }

    /** A symbol that livepatch looks up, in the section SHN_LIVEPATCH. */
    public ElfBuilder lookedUp(String name) {
        symbols.add(new Symbol(name, 0, 0xff20, 0, 0));
        return this;
    }

    /** A relocation in a section: at an offset, towards a symbol that is there already. */
    public ElfBuilder relocation(String section, long offset, int relocationType, String symbol, long addend) {
        relocations
                .computeIfAbsent(indexOf(section), index -> new ArrayList<>())
                .add(new Relocation(offset, symbolIndex(symbol), relocationType, addend));
        return this;
    }

    public byte[] bytes() {
        List<Section> all = new ArrayList<>(sections);
        int symtab = all.size() + relocations.size();
        relocations.forEach((target, entries) -> all.add(new Section(
                ".rela" + sections.get(target).name(),
                ElfSection.SHT_RELA,
                0,
                encodeRelocations(entries),
                24L * entries.size(),
                symtab,
                target,
                24)));
        ByteArrayOutputStream strings = stringTable();
        byte[] symbolBytes = encodeSymbols(strings);
        all.add(new Section(
                ".symtab", ElfSection.SHT_SYMTAB, 0, symbolBytes, symbolBytes.length, symtab + 1, symbols.size(), 24));
        all.add(new Section(".strtab", ElfSection.SHT_STRTAB, 0, strings.toByteArray(), strings.size(), 0, 0, 0));
        return assemble(all);
    }

    private byte[] assemble(List<Section> all) {
        ByteArrayOutputStream names = stringTable();
        List<Integer> nameOffsets = new ArrayList<>();
        all.forEach(section -> nameOffsets.add(add(names, section.name())));
        nameOffsets.add(add(names, ".shstrtab"));
        all.add(new Section(".shstrtab", ElfSection.SHT_STRTAB, 0, names.toByteArray(), names.size(), 0, 0, 0));

        int length = 64;
        for (Section section : all) {
            length = align(length) + section.content().length;
        }
        int headers = align(length);
        ByteBuffer file = ByteBuffer.allocate(headers + 64 * all.size()).order(order);
        putHeader(file, headers, all.size());
        int offset = 64;
        for (int i = 0; i < all.size(); i++) {
            Section section = all.get(i);
            offset = align(offset);
            file.put(offset, section.content());
            putSectionHeader(file, headers + 64 * i, section, nameOffsets.get(i), i == 0 ? 0 : offset);
            offset += section.content().length;
        }
        return file.array();
    }

    private void putHeader(ByteBuffer file, int headers, int count) {
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2), 1});
        file.putShort(16, (short) type).putShort(18, (short) machine).putInt(20, 1);
        file.putLong(40, headers).putShort(52, (short) 64).putShort(58, (short) 64);
        file.putShort(60, (short) count).putShort(62, (short) (count - 1));
    }

    private static void putSectionHeader(ByteBuffer file, int at, Section section, int name, int offset) {
        file.putInt(at, name).putInt(at + 4, section.type()).putLong(at + 8, section.flags());
        file.putLong(at + 24, offset).putLong(at + 32, section.size());
        file.putInt(at + 40, section.link()).putInt(at + 44, section.info());
        file.putLong(at + 48, 8).putLong(at + 56, section.entry());
    }

    private byte[] encodeRelocations(List<Relocation> entries) {
        ByteBuffer encoded = ByteBuffer.allocate(24 * entries.size()).order(order);
        for (Relocation relocation : entries) {
            encoded.putLong(relocation.offset());
            encoded.putLong((long) relocation.symbol() << 32 | relocation.type());
            encoded.putLong(relocation.addend());
        }
        return encoded.array();
    }

    private byte[] encodeSymbols(ByteArrayOutputStream strings) {
        ByteBuffer encoded = ByteBuffer.allocate(24 * symbols.size()).order(order);
        for (Symbol symbol : symbols) {
            boolean nameless =
                    symbol.type() == ElfSymbol.STT_SECTION || symbol.name().isEmpty();
            encoded.putInt(nameless ? 0 : add(strings, symbol.name()));
            encoded.put((byte) symbol.type()).put((byte) 0).putShort((short) symbol.section());
            encoded.putLong(symbol.value()).putLong(symbol.size());
        }
        return encoded.array();
    }

    private static ByteArrayOutputStream stringTable() {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        table.write(0);
        return table;
    }

    private static int add(ByteArrayOutputStream table, String string) {
        int offset = table.size();
        table.writeBytes((string + "\0").getBytes(StandardCharsets.UTF_8));
        return offset;
    }

    private static int align(int offset) {
        return (offset + 7) & ~7;
    }

    private int indexOf(String section) {
        for (int i = 1; i < sections.size(); i++) {
            if (sections.get(i).name().equals(section)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no section " + section);
    }

    private int symbolIndex(String name) {
        for (int i = 1; i < symbols.size(); i++) {
            if (symbols.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no symbol " + name);
    }
}
