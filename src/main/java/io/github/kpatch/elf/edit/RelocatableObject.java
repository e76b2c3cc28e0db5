// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import io.github.kpatch.elf.ElfHeader;
import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfRelocation;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.RelocationTable;
import io.github.kpatch.elf.SymbolTable;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object file, {@code ET_REL}, in memory.
 *
 * <p>Section groups are taken apart: the linker only needs them to choose among copies, and here there is one of each.
 */
public final class RelocatableObject {
    /** Longer names do not occur; the longest that compilers make of kernel sources have some hundred bytes. */
    private static final int NAME_LENGTH = 4096;

    private static final int SHT_GROUP = 17;

    /** Of clang: numbers of symbols, for the linker's folding of equal functions, which kernels do not want. */
    private static final int SHT_LLVM_ADDRSIG = 0x6fff4c03;

    private static final long SHF_GROUP = 0x200;

    /** No section of a kernel object comes near, and none is aligned to more: 256 MiB. */
    private static final long LARGEST = 1 << 28;

    private final int machine;
    private final long flags;
    private final List<Section> sections = new ArrayList<>();
    private final List<Symbol> symbols = new ArrayList<>();
    private final List<RelocationSection> moreRelocations = new ArrayList<>();

    /**
     * An empty object.
     *
     * @param machine {@code e_machine}
     * @param flags {@code e_flags}
     */
    public RelocatableObject(int machine, long flags) {
        this.machine = machine;
        this.flags = flags;
    }

    public static RelocatableObject parse(byte[] content) throws MalformedElfException {
        ElfObject elf = ElfObject.parse(content);
        if (elf.header().type() != ElfHeader.ET_REL) {
            throw new MalformedElfException(16, "is not a relocatable object");
        }
        if (elf.header().byteOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new MalformedElfException(5, "is big endian, and no such object can be changed yet");
        }
        RelocatableObject object = new RelocatableObject(
                elf.header().machine().number(), elf.header().flags());
        object.read(elf);
        return object;
    }

    private void read(ElfObject elf) throws MalformedElfException {
        @Nullable Section[] byIndex = new Section[elf.sectionCount()];
        for (int i = 1; i < byIndex.length; i++) {
            ElfSection section = elf.section(i);
            if (isKept(elf, section)) {
                byIndex[i] = copy(elf, section);
                sections.add(byIndex[i]);
            }
        }
        Optional<SymbolTable> table = elf.symbols();
        if (table.isEmpty()) {
            return;
        }
        List<Symbol> bySymbol = readSymbols(table.get(), byIndex);
        for (int i = 1; i < byIndex.length; i++) {
            Section section = byIndex[i];
            if (section != null) {
                readRelocations(elf.relocationsOf(elf.section(i)), section, bySymbol);
                link(elf.section(i), section, byIndex, table.get().sectionIndex());
            }
        }
    }

    /** What the writer makes anew is not kept, apart from relocations that are one operating system's business. */
    private static boolean isKept(ElfObject elf, ElfSection section) throws MalformedElfException {
        return switch (section.type()) {
            case ElfSection.SHT_NULL, ElfSection.SHT_SYMTAB, ElfSection.SHT_SYMTAB_SHNDX, SHT_GROUP, SHT_LLVM_ADDRSIG ->
                false;
            case ElfSection.SHT_STRTAB -> section.isAllocated();
            case ElfSection.SHT_RELA, ElfSection.SHT_REL -> {
                if ((section.flags() & ElfSection.SHF_MASKOS) != 0) {
                    throw new MalformedElfException(
                            section.offset(),
                            "has livepatch relocations already (" + elf.nameOf(section, NAME_LENGTH) + ")");
                }
                yield false;
            }
            default -> true;
        };
    }

    private static Section copy(ElfObject elf, ElfSection section) throws MalformedElfException {
        String name = elf.nameOf(section, NAME_LENGTH);
        if (Long.bitCount(section.alignment()) > 1 || section.alignment() < 0 || section.alignment() > LARGEST) {
            throw new MalformedElfException(
                    section.offset(), "is corrupt: section " + name + " is aligned to " + section.alignment());
        }
        if (section.size() < 0 || section.size() > LARGEST) {
            throw new MalformedElfException(
                    section.offset(), "is corrupt: section " + name + " has a size beyond reason");
        }
        long flags = section.flags() & ~SHF_GROUP;
        return section.hasContent()
                ? new Section(
                        name, section.type(), flags, section.alignment(), section.entrySize(), elf.contentOf(section))
                : Section.empty(name, flags, section.alignment(), section.size());
    }

    private List<Symbol> readSymbols(SymbolTable table, @Nullable Section[] byIndex) throws MalformedElfException {
        List<Symbol> all = new ArrayList<>(table.size());
        for (int i = 0; i < table.size(); i++) {
            ElfSymbol symbol = table.get(i);
            Section section = byIndex[symbol.section()];
            requireInside(symbol.value(), symbol.size(), section);
            Symbol read = Symbol.read(table.nameOf(symbol, NAME_LENGTH), symbol, section);
            all.add(read);
            if (i > 0 && (section != null || symbol.section() == 0)) {
                symbols.add(read);
            }
        }
        return all;
    }

    private static void requireInside(long value, long size, @Nullable Section section) throws MalformedElfException {
        boolean fits = section == null || (value >= 0 && value <= section.size() && size >= 0 && size <= LARGEST);
        if (!fits) {
            throw new MalformedElfException(value, "is corrupt: a symbol is outside of its section " + section);
        }
    }

    private static void readRelocations(RelocationTable table, Section section, List<Symbol> symbols)
            throws MalformedElfException {
        for (int i = 0; i < table.size(); i++) {
            ElfRelocation relocation = table.get(i);
            if (relocation.symbol() >= symbols.size()) {
                throw new MalformedElfException(
                        relocation.offset(), "is corrupt: a relocation of " + section + " is to no symbol");
            }
            if (relocation.offset() < 0 || relocation.offset() >= section.content().length) {
                throw new MalformedElfException(
                        relocation.offset(), "is corrupt: a relocation is outside of its section " + section);
            }
            section.relocations()
                    .add(new Relocation(
                            relocation.offset(),
                            relocation.type(),
                            symbols.get((int) relocation.symbol()),
                            relocation.addend()));
        }
        section.relocations().sort(Comparator.comparingLong(Relocation::offset));
    }

    private static void link(ElfSection read, Section section, @Nullable Section[] byIndex, int symbolTable) {
        if (read.link() > 0 && read.link() < byIndex.length && read.link() != symbolTable) {
            Section other = byIndex[(int) read.link()];
            if (other != null) {
                section.link(other);
            }
        }
    }

    public int machine() {
        return machine;
    }

    long flags() {
        return flags;
    }

    /** In the order of the file; the list itself, to be changed. */
    public List<Section> sections() {
        return sections;
    }

    /** In the order of the file, without the first, which is none; the list itself, to be changed. */
    public List<Symbol> symbols() {
        return symbols;
    }

    /** Relocations of sections beside their ordinary ones; the list itself, to be changed. */
    public List<RelocationSection> moreRelocations() {
        return moreRelocations;
    }

    /** The object as a file. */
    public byte[] toBytes() {
        return new ObjectWriter(this).write();
    }

    /** The first section of that name. */
    public Optional<Section> section(String name) {
        return sections.stream().filter(section -> section.name().equals(name)).findFirst();
    }
}
