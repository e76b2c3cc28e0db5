// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff.x86;

import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** For the places of a section of code that are relocated, the end of the instruction that each is in. */
final class InstructionEnds {
    /** Where code cannot be followed, the field is taken to end its instruction, as it mostly does. */
    private static final long FIELD = 4;

    private final Map<Long, Long> ends = new HashMap<>();

    private final Set<Long> branches = new HashSet<>();

    private InstructionEnds() {}

    static InstructionEnds of(Section section) {
        InstructionEnds found = new InstructionEnds();
        byte[] code = section.content();
        int at = 0;
        for (Relocation relocation : section.relocations()) {
            long wanted = relocation.offset();
            while (at <= wanted) {
                Optional<Instruction> instruction = Instruction.decode(code, at);
                int end = instruction.map(Instruction::end).orElse(at + 1);
                if (instruction.isPresent() && wanted < end) {
                    found.ends.put(wanted, (long) end);
                    if (instruction.get().isBranch()) {
                        found.branches.add(wanted);
                    }
                    break;
                }
                at = end;
            }
        }
        return found;
    }

    /** From a relocated place to the end of its instruction. */
    long distance(long offset) {
        Long end = ends.get(offset);
        return end == null ? FIELD : end - offset;
    }

    /** Whether a relocated place is the distance of a jump or a call. */
    boolean isBranch(long offset) {
        return branches.contains(offset);
    }
}
