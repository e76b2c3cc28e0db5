// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff.x86;

import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A section with the code of several functions. The assembler has resolved the jumps and calls among them, so that they
 * cannot be moved apart, until its distances are made relocations again.
 */
final class SharedCode {
    private static final int R_X86_64_PC32 = 2;
    private static final int DISTANCE = 4;

    private final Section section;
    private final NavigableSet<Long> starts;
    private final Set<Long> relocated;
    private final List<Relocation> revealed = new ArrayList<>();
    private final Symbol whole;

    private SharedCode(Section section, NavigableSet<Long> starts, Symbol whole) {
        this.section = section;
        this.starts = starts;
        this.whole = whole;
        this.relocated = section.relocations().stream().map(Relocation::offset).collect(Collectors.toSet());
    }

    /**
     * Makes relocations of all distances from one part of a section to another.
     *
     * @param starts where parts begin, 0 among them; those are taken out that cannot be moved away from what is before
     *     them, as a short jump joins the two
     * @param whole the symbol of the section
     */
    static void separate(Section section, NavigableSet<Long> starts, Symbol whole) {
        SharedCode code = new SharedCode(section, starts, whole);
        code.reveal();
        for (Relocation relocation : code.revealed) {
            ByteBuffer.wrap(section.content()).putInt((int) relocation.offset(), 0);
        }
        section.relocations().addAll(code.revealed);
        section.relocations().sort(Comparator.comparingLong(Relocation::offset));
    }

    private void reveal() {
        boolean joined = true;
        while (joined) {
            revealed.clear();
            joined = false;
            for (Long start : List.copyOf(starts)) {
                Long next = starts.higher(start);
                if (!joined) {
                    joined = !reveal(start, next == null ? section.size() : next);
                }
            }
        }
    }

    /** Whether no part had to be joined to another for it. */
    private boolean reveal(long start, long end) {
        int at = (int) start;
        while (at < end) {
            Optional<Instruction> instruction = Instruction.decode(section.content(), at);
            if (instruction.isEmpty()) {
                return starts.tailSet(1L, true).isEmpty() || !starts.retainAll(List.of(0L));
            }
            if (!reveal(instruction.get(), start, end)) {
                return false;
            }
            at = instruction.get().end();
        }
        return true;
    }

    private boolean reveal(Instruction instruction, long start, long end) {
        int relative = instruction.relative();
        return (!instruction.isBranch() || reveal(instruction, instruction.immediateAt(), start, end))
                && (relative < 0 || reveal(instruction, relative, start, end));
    }

    private boolean reveal(Instruction instruction, int field, long start, long end) {
        if (relocated.contains((long) field)) {
            return true;
        }
        boolean isLong = field == instruction.relative() || instruction.immediate() == DISTANCE;
        long distance = isLong
                ? ByteBuffer.wrap(section.content())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt(field)
                : section.content()[field];
        long target = instruction.end() + distance;
        if (target >= start && target < end) {
            return true;
        }
        if (!isLong || target < 0 || target > section.size()) {
            return !starts.subSet(Math.max(0, Math.min(start, target)), false, Math.max(start, target), true)
                    .removeIf(between -> true);
        }
        revealed.add(new Relocation(field, R_X86_64_PC32, whole, target - (instruction.end() - field)));
        return true;
    }
}
