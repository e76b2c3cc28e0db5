// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

/**
 * An entry of the symbol table (gABI, "Symbol Table").
 *
 * <pre>{@code
 * typedef struct {
 *     Elf64_Word    st_name;  //  0
 *     unsigned char st_info;  //  4  binding in the upper four bits, type in the lower four
 *     unsigned char st_other; //  5
 *     Elf64_Half    st_shndx; //  6
 *     Elf64_Addr    st_value; //  8
 *     Elf64_Xword   st_size;  // 16
 * } Elf64_Sym;
 * }</pre>
 *
 * @param nameOffset {@code st_name}; {@link SymbolTable#nameOf} gives the name itself
 * @param section the index of the section that it is defined in, which exists; 0 if it is in none
 * @param reserved {@code st_shndx} where it is one of the reserved numbers, such as {@code SHN_ABS}; else 0
 * @param value in a relocatable object the offset in the section
 */
public record ElfSymbol(
        long nameOffset, int binding, int type, int other, int section, int reserved, long value, long size) {
    public static final int STB_WEAK = 2;
    public static final int STT_OBJECT = 1;
    public static final int STT_FUNC = 2;
    public static final int STT_SECTION = 3;

    /** Whether another object has to provide it. */
    public boolean isUndefined() {
        return section == 0 && reserved == 0;
    }
}
