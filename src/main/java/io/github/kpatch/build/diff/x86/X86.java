// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff.x86;

import io.github.kpatch.build.diff.MachineRules;
import io.github.kpatch.build.diff.TableLayout;
import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.IntFunction;

/** x86-64, in which kernels have the mitigations, alternatives and tables of {@code arch/x86/include/asm}. */
public final class X86 implements MachineRules {
    /** {@code e_machine}. */
    public static final int EM_X86_64 = 62;

    private static final int R_X86_64_64 = 1;
    private static final int R_X86_64_PC32 = 2;
    private static final int R_X86_64_PLT32 = 4;

    /** Kernels 3.5 to 4.5 add it to an exception's way out to say that it is of another class ({@code _ASM_EXTABLE_EX}). */
    private static final long OTHER_CLASS = 0x7ffffff0L;

    private final Tables tables;

    /** Sections are walked once: code by its instructions, from the beginning. */
    private final Map<Section, InstructionEnds> ends = new WeakHashMap<>();

    /**
     * The rules.
     *
     * @param entrySizes the sizes of entries of the kernel's tables that are known, by the table's section
     */
    public X86(Map<String, Integer> entrySizes) {
        this.tables = new Tables(entrySizes);
    }

    @Override
    public int absolute64() {
        return R_X86_64_64;
    }

    /** For a function of the kernel, which needs no PLT, the linker makes the same of both (x86-64 psABI, 4.4.1). */
    @Override
    public boolean isSameType(int one, int other) {
        return one == other || (isRelative(one) && isRelative(other));
    }

    private static boolean isRelative(int type) {
        return type == R_X86_64_PC32 || type == R_X86_64_PLT32;
    }

    @Override
    public long bias(Section section, Relocation relocation) {
        if (section.name().equals("__ex_table") && relocation.addend() >= OTHER_CLASS) {
            return -OTHER_CLASS;
        }
        if (!section.isExecutable() || !isRelative(relocation.type())) {
            return 0;
        }
        return ends.computeIfAbsent(section, InstructionEnds::of).distance(relocation.offset());
    }

    @Override
    public boolean isBranch(Section section, long offset) {
        return section.isExecutable()
                && ends.computeIfAbsent(section, InstructionEnds::of).isBranch(offset);
    }

    @Override
    public Optional<TableLayout> table(Section section) {
        return tables.layout(section);
    }

    @Override
    public boolean isFragments(String section) {
        return section.equals(".altinstr_replacement") || section.equals(".altinstr_aux") || section.equals(".fixup");
    }

    /** Code jumps to the beginning of a part; of the tables, only these say where one begins. */
    @Override
    public boolean beginsFragment(Section from, Section to) {
        return switch (to.name()) {
            case ".altinstr_replacement" -> from.name().equals(".altinstructions");
            case ".fixup" -> from.name().equals("__ex_table") || isOtherCode(from, to);
            default -> isOtherCode(from, to);
        };
    }

    private static boolean isOtherCode(Section from, Section to) {
        return from.isExecutable() && from != to;
    }

    @Override
    public void separate(Section section, NavigableSet<Long> starts, Symbol whole) {
        SharedCode.separate(section, starts, whole);
        ends.remove(section);
    }

    @Override
    public String tracingCall() {
        return "__fentry__";
    }

    @Override
    public boolean differsInLineOnly(byte[] one, byte[] other, IntFunction<String> target) {
        return new LineComparison(one, other, target).differsInLineOnly();
    }
}
