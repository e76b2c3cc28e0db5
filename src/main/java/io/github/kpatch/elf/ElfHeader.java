// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

import java.nio.ByteOrder;

/**
 * What stands at the beginning of an ELF file (gABI, "ELF Header").
 *
 * <pre>{@code
 * typedef struct {
 *     unsigned char e_ident[16]; //  0  0x7f 'E' 'L' 'F' class data version osabi abiversion
 *     Elf64_Half    e_type;      // 16
 *     Elf64_Half    e_machine;   // 18
 *     Elf64_Word    e_version;   // 20
 *     Elf64_Addr    e_entry;     // 24
 *     Elf64_Off     e_phoff;     // 32
 *     Elf64_Off     e_shoff;     // 40
 *     Elf64_Word    e_flags;     // 48
 *     Elf64_Half    e_ehsize;    // 52
 *     Elf64_Half    e_phentsize; // 54
 *     Elf64_Half    e_phnum;     // 56
 *     Elf64_Half    e_shentsize; // 58
 *     Elf64_Half    e_shnum;     // 60
 *     Elf64_Half    e_shstrndx;  // 62
 * } Elf64_Ehdr;
 * }</pre>
 *
 * @param byteOrder of every number in the file
 * @param type {@code e_type}, {@link #ET_REL} and its like
 * @param flags {@code e_flags}, whose meaning depends on the machine
 * @param sectionHeaders where the section headers begin, 0 if there are none
 * @param sectionCount how many there are, all of them inside the file; the extension for 0xff00 and more is resolved
 * @param sectionNames the index of the string table with their names, 0 if there is none
 */
public record ElfHeader(
        ByteOrder byteOrder,
        int type,
        Machine machine,
        long flags,
        long sectionHeaders,
        int sectionCount,
        int sectionNames) {
    public static final int ET_REL = 1;
    public static final int ET_EXEC = 2;
    public static final int ET_DYN = 3;
    public static final int ET_CORE = 4;

    private static final int SIZE = 64;
    private static final int SHN_LORESERVE = 0xff00;
    private static final int SHN_XINDEX = 0xffff;

    /** Tells from its first bytes whether a file claims to be ELF at all. */
    static ByteOrder identify(byte[] content) throws MalformedElfException {
        if (!ElfObject.isElf(content)) {
            throw new MalformedElfException(0, "is not an ELF file");
        }
        if (content.length < 7) {
            throw new MalformedElfException(content.length, "is truncated: its ELF header is not complete");
        }
        switch (content[4]) {
            case 1 -> throw new MalformedElfException(4, "is a 32-bit ELF file");
            case 2 -> {}
            default -> throw MalformedElfException.corrupt(4, "its ELF class is neither 32 nor 64 bits");
        }
        if (content[6] != 1) {
            throw MalformedElfException.corrupt(6, "its ELF version is not 1");
        }
        return switch (content[5]) {
            case 1 -> ByteOrder.LITTLE_ENDIAN;
            case 2 -> ByteOrder.BIG_ENDIAN;
            default -> throw MalformedElfException.corrupt(5, "its byte order is neither little nor big endian");
        };
    }

    static ElfHeader read(ElfBytes bytes) throws MalformedElfException {
        if (bytes.length() < SIZE) {
            throw new MalformedElfException(bytes.length(), "is truncated: its ELF header is not complete");
        }
        long table = bytes.u64(40);
        long count = bytes.u16(60);
        long names = bytes.u16(62);
        if (table == 0) {
            count = 0;
        } else {
            if (bytes.u16(58) != ElfSection.HEADER_SIZE) {
                throw MalformedElfException.corrupt(58, "its section headers are not of the size that ELF gives them");
            }
            bytes.require(table, ElfSection.HEADER_SIZE, "the first section header");
            if (count == 0) {
                count = bytes.u64(table + ElfSection.SIZE_AT);
            } else if (count >= SHN_LORESERVE) {
                throw MalformedElfException.corrupt(60, "its number of sections is a reserved one");
            }
        }
        if (names == SHN_XINDEX && table != 0) {
            names = bytes.u32(table + ElfSection.LINK_AT);
        }
        if (count < 0 || count > (bytes.length() - table) / ElfSection.HEADER_SIZE) {
            throw new MalformedElfException(table, "is truncated or corrupt: its section headers are beyond its end");
        }
        if (names != 0 && names >= count) {
            throw MalformedElfException.corrupt(62, "its table of section names is not one of its sections");
        }
        return new ElfHeader(
                bytes.order(), bytes.u16(16), new Machine(bytes.u16(18)), bytes.u32(48), table, (int) count, (int)
                        names);
    }
}
