// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

/**
 * A section header (gABI, "Section Header").
 *
 * <pre>{@code
 * typedef struct {
 *     Elf64_Word  sh_name;      //  0
 *     Elf64_Word  sh_type;      //  4
 *     Elf64_Xword sh_flags;     //  8
 *     Elf64_Addr  sh_addr;      // 16
 *     Elf64_Off   sh_offset;    // 24
 *     Elf64_Xword sh_size;      // 32
 *     Elf64_Word  sh_link;      // 40
 *     Elf64_Word  sh_info;      // 44
 *     Elf64_Xword sh_addralign; // 48
 *     Elf64_Xword sh_entsize;   // 56
 * } Elf64_Shdr;
 * }</pre>
 *
 * @param index its place in the table, by which other structures mean it
 * @param nameOffset {@code sh_name}; {@link ElfObject#nameOf} gives the name itself
 * @param link {@code sh_link}, unchecked
 * @param info {@code sh_info}, unchecked
 */
public record ElfSection(
        int index,
        long nameOffset,
        int type,
        long flags,
        long address,
        long offset,
        long size,
        long link,
        long info,
        long alignment,
        long entrySize) {
    public static final int SHT_NULL = 0;
    public static final int SHT_PROGBITS = 1;
    public static final int SHT_SYMTAB = 2;
    public static final int SHT_STRTAB = 3;
    public static final int SHT_RELA = 4;
    public static final int SHT_NOBITS = 8;
    public static final int SHT_REL = 9;
    public static final int SHT_SYMTAB_SHNDX = 18;

    public static final long SHF_WRITE = 0x1;
    public static final long SHF_ALLOC = 0x2;
    public static final long SHF_EXECINSTR = 0x4;
    public static final long SHF_MASKOS = 0x0ff00000;

    static final int HEADER_SIZE = 64;
    static final int SIZE_AT = 32;
    static final int LINK_AT = 40;

    /** Reads the header at {@code at}; that its bytes are in the file, {@link ElfHeader} has seen. */
    static ElfSection read(ElfBytes bytes, int index, long at) throws MalformedElfException {
        return new ElfSection(
                index,
                bytes.u32(at),
                (int) bytes.u32(at + 4),
                bytes.u64(at + 8),
                bytes.u64(at + 16),
                bytes.u64(at + 24),
                bytes.u64(at + SIZE_AT),
                bytes.u32(at + LINK_AT),
                bytes.u32(at + 44),
                bytes.u64(at + 48),
                bytes.u64(at + 56));
    }

    /** Whether the section has bytes in the file; {@code SHT_NOBITS} has a size but none. */
    public boolean hasContent() {
        return type != SHT_NULL && type != SHT_NOBITS;
    }

    public boolean isAllocated() {
        return (flags & SHF_ALLOC) != 0;
    }

    public boolean isWritable() {
        return (flags & SHF_WRITE) != 0;
    }

    public boolean isExecutable() {
        return (flags & SHF_EXECINSTR) != 0;
    }

    /** How many entries of {@code expected} bytes the section holds; any other size of entries is refused. */
    int entries(int expected) throws MalformedElfException {
        if (entrySize != expected || size % expected != 0) {
            throw MalformedElfException.corrupt(
                    offset, "section " + index + " does not consist of entries of " + expected + " bytes");
        }
        return (int) (size / expected);
    }
}
