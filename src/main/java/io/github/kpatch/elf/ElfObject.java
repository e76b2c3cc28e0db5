// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An ELF object in memory. {@link #parse} sees to it that every section is inside the file; what the sections hold is
 * decoded, and checked, when it is asked for. The bytes are not copied: whoever hands them over leaves them alone.
 */
public final class ElfObject {
    private final ElfBytes bytes;
    private final ElfHeader header;

    /** For each section the one that relocates it, 0 for none; made when first needed. */
    private int @Nullable [] relocatedBy;

    private ElfObject(ElfBytes bytes, ElfHeader header) {
        this.bytes = bytes;
        this.header = header;
    }

    /** Whether a file that begins so claims to be an ELF file (ELF specification, "ELF Identification"). */
    public static boolean isElf(byte[] beginning) {
        return beginning.length >= 4
                && beginning[0] == 0x7f
                && beginning[1] == 'E'
                && beginning[2] == 'L'
                && beginning[3] == 'F';
    }

    public static ElfObject parse(byte[] content) throws MalformedElfException {
        ElfBytes bytes = new ElfBytes(content, ElfHeader.identify(content));
        ElfObject elf = new ElfObject(bytes, ElfHeader.read(bytes));
        elf.checkSections();
        return elf;
    }

    /**
     * Sections are inside the file, and all together no bigger than it. The second bounds what all later work can cost:
     * a file of many sections that lie on top of each other is not read over and over.
     */
    private void checkSections() throws MalformedElfException {
        long total = 0;
        for (int i = 0; i < header.sectionCount(); i++) {
            ElfSection section = section(i);
            if (section.hasContent()) {
                if (!bytes.contains(section.offset(), section.size())) {
                    throw bytes.beyond(section.offset(), section.size(), "section " + i);
                }
                total += section.size();
            } else if (section.size() < 0) {
                throw MalformedElfException.corrupt(section.offset(), "section " + i + " has an impossible size");
            }
        }
        if (total > bytes.length()) {
            throw MalformedElfException.corrupt(header.sectionHeaders(), "its sections overlap");
        }
        if (header.sectionNames() != 0) {
            stringTable(header.sectionNames());
        }
    }

    public ElfHeader header() {
        return header;
    }

    public int sectionCount() {
        return header.sectionCount();
    }

    /** The section with the given number, which may come straight from a file. */
    public ElfSection section(long index) throws MalformedElfException {
        if (index < 0 || index >= header.sectionCount()) {
            throw MalformedElfException.corrupt(header.sectionHeaders(), "there is no section " + index);
        }
        return ElfSection.read(bytes, (int) index, header.sectionHeaders() + index * ElfSection.HEADER_SIZE);
    }

    /** The first section of that name. */
    public Optional<ElfSection> sectionNamed(String name) throws MalformedElfException {
        if (header.sectionNames() == 0) {
            return Optional.empty();
        }
        ElfSection names = section(header.sectionNames());
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        for (int i = 1; i < header.sectionCount(); i++) {
            long nameOffset = bytes.u32(header.sectionHeaders() + (long) i * ElfSection.HEADER_SIZE);
            if (bytes.isString(names.offset() + nameOffset, names.offset() + names.size(), wanted)) {
                return Optional.of(section(i));
            }
        }
        return Optional.empty();
    }

    /** The name of a section, refused if longer than {@code maxLength} bytes; empty where the object has no names. */
    public String nameOf(ElfSection section, int maxLength) throws MalformedElfException {
        return header.sectionNames() == 0
                ? ""
                : stringAt(section(header.sectionNames()), section.nameOffset(), maxLength);
    }

    /** A copy of what the section holds in the file; nothing for {@code SHT_NOBITS}. */
    public byte[] contentOf(ElfSection section) throws MalformedElfException {
        return section.hasContent() ? bytes.copy(section.offset(), section.size()) : new byte[0];
    }

    public int u8At(ElfSection section, long offset) throws MalformedElfException {
        return bytes.u8(locate(section, offset, 1));
    }

    public long u64At(ElfSection section, long offset) throws MalformedElfException {
        return bytes.u64(locate(section, offset, 8));
    }

    /** The string at an offset in a section, whose NUL must be in the section too. */
    public String stringAt(ElfSection section, long offset, int maxLength) throws MalformedElfException {
        return bytes.string(locate(section, offset, 1), section.offset() + section.size(), maxLength);
    }

    private long locate(ElfSection section, long offset, int length) throws MalformedElfException {
        if (!section.hasContent() || offset < 0 || offset > section.size() - length) {
            throw MalformedElfException.corrupt(
                    section.offset(), "something points outside of section " + section.index());
        }
        return section.offset() + offset;
    }

    /** The symbol table; a relocatable object has at most one. */
    public Optional<SymbolTable> symbols() throws MalformedElfException {
        for (int i = 1; i < header.sectionCount(); i++) {
            ElfSection section = section(i);
            if (section.type() == ElfSection.SHT_SYMTAB) {
                ElfSection strings = stringTable(section.link());
                return Optional.of(
                        new SymbolTable(bytes, section, strings, extendedIndexesOf(i), header.sectionCount()));
            }
        }
        return Optional.empty();
    }

    private Optional<ElfSection> extendedIndexesOf(int symbols) throws MalformedElfException {
        for (int i = 1; i < header.sectionCount(); i++) {
            ElfSection section = section(i);
            if (section.type() == ElfSection.SHT_SYMTAB_SHNDX && section.link() == symbols) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }

    /** What relocates a section, apart from relocations that are flagged as the business of one operating system. */
    public RelocationTable relocationsOf(ElfSection target) throws MalformedElfException {
        int index = relocatedBy()[target.index()];
        return index == 0 ? RelocationTable.none(bytes) : RelocationTable.read(bytes, section(index), target);
    }

    private int[] relocatedBy() throws MalformedElfException {
        if (relocatedBy != null) {
            return relocatedBy;
        }
        int[] by = new int[header.sectionCount()];
        for (int i = 1; i < by.length; i++) {
            ElfSection section = section(i);
            boolean relocates = section.type() == ElfSection.SHT_RELA || section.type() == ElfSection.SHT_REL;
            if (relocates && (section.flags() & ElfSection.SHF_MASKOS) == 0) {
                int target = section(section.info()).index();
                by[target] = by[target] == 0 ? i : by[target];
            }
        }
        relocatedBy = by;
        return by;
    }

    private ElfSection stringTable(long index) throws MalformedElfException {
        ElfSection section = section(index);
        if (section.type() != ElfSection.SHT_STRTAB) {
            throw MalformedElfException.corrupt(section.offset(), "section " + index + " is not a string table");
        }
        return section;
    }
}
