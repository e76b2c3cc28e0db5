// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.elf.edit.Symbol;

/**
 * A place in an atom that depends on an address.
 *
 * @param offset in the atom
 * @param type of the relocation
 * @param addend to the address of the target: the beginning of an atom, or a symbol
 */
record Reference(long offset, int type, Target target, long addend) {
    /** What is referred to. */
    sealed interface Target permits Inside, Outside {}

    /**
     * Something in the same object.
     *
     * @param place in the atom that is meant, where the addend of a branch is from the end of its instruction
     */
    record Inside(Atom atom, long place) implements Target {}

    /** A symbol of another object, or an absolute one. */
    record Outside(Symbol symbol) implements Target {}
}
