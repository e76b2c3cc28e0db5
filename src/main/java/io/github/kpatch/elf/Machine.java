// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

/**
 * The processor architecture that an object was built for: {@code e_machine}, whose numbers the gABI registers.
 *
 * @param number the value of {@code e_machine}
 */
public record Machine(int number) {
    private static final int S390 = 22;
    private static final int PPC64 = 21;
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;
    private static final int RISCV = 243;
    private static final int LOONGARCH = 258;

    /** What people call it; by number where this program knows no better. */
    public String label() {
        return switch (number) {
            case PPC64 -> "ppc64";
            case S390 -> "s390x";
            case X86_64 -> "x86-64";
            case AARCH64 -> "aarch64";
            case RISCV -> "riscv64";
            case LOONGARCH -> "loongarch64";
            default -> "machine " + number;
        };
    }

    /**
     * The relocation type that puts a 64-bit absolute address, as the processor supplements of the ABI number it:
     * {@code R_X86_64_64}, {@code R_AARCH64_ABS64}, {@code R_PPC64_ADDR64}, {@code R_390_64}, {@code R_RISCV_64},
     * {@code R_LARCH_64}. For other machines a number that no relocation has.
     */
    public int absolute64() {
        return switch (number) {
            case PPC64 -> 38;
            case S390 -> 22;
            case X86_64 -> 1;
            case AARCH64 -> 257;
            case RISCV, LOONGARCH -> 2;
            default -> -1;
        };
    }
}
