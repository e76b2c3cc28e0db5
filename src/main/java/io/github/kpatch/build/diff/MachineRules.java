// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.IntFunction;

/** What the object diff has to know of a machine. */
public interface MachineRules {
    /** The type of the relocation that puts a 64-bit address. */
    int absolute64();

    /** Whether two types of relocation say the same. */
    boolean isSameType(int one, int other);

    /**
     * What has to be added to a relocation's addend so that it is the place that is meant: for operands that count from
     * the end of the instruction the distance to that end.
     */
    long bias(Section section, Relocation relocation);

    /** Whether the relocated place in a section is where a jump or a call leads, and no address that is kept. */
    boolean isBranch(Section section, long offset);

    /** How a section is laid out that is a table of the kernel about its code; nothing where it is none. */
    Optional<TableLayout> table(Section section);

    /** Whether a section has code without names, parts of which belong to functions elsewhere. */
    boolean isFragments(String section);

    /**
     * Whether a reference from one section to code without a name in another is to where a part of that begins, and not
     * to somewhere in its middle.
     */
    boolean beginsFragment(Section from, Section to);

    /**
     * Makes it possible to move the parts of a section of code apart, by making relocations of what the assembler has
     * resolved among them.
     *
     * @param starts where parts begin, 0 among them; those that cannot be moved are taken out
     * @param whole the symbol of the section
     */
    void separate(Section section, NavigableSet<Long> starts, Symbol whole);

    /**
     * Whether two versions of a function, of the same size, differ in nothing but the number of a source line that is
     * handed to a function which only reports it.
     *
     * @param target the name of what is referred to by the relocation at an offset, or the text if that is a string; empty
     *     where there is no relocation
     */
    boolean differsInLineOnly(byte[] one, byte[] other, IntFunction<String> target);

    /** The call at the beginning of functions by which ftrace redirects them. */
    String tracingCall();
}
