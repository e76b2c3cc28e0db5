// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

/**
 * A place in a section that depends on the address of a symbol (gABI, "Relocation").
 *
 * <pre>{@code
 * typedef struct {
 *     Elf64_Addr   r_offset; //  0
 *     Elf64_Xword  r_info;   //  8  symbol in the upper 32 bits, type in the lower 32
 *     Elf64_Sxword r_addend; // 16
 * } Elf64_Rela;
 * }</pre>
 *
 * @param offset in the section that is relocated, inside it
 * @param symbol index in the symbol table, unchecked
 */
public record ElfRelocation(long offset, long symbol, int type, long addend) {
    static final int SIZE = 24;

    static ElfRelocation read(ElfBytes bytes, long at) throws MalformedElfException {
        long info = bytes.u64(at + 8);
        return new ElfRelocation(bytes.u64(at), info >>> 32, (int) info, bytes.u64(at + 16));
    }
}
