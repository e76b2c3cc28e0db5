// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

/**
 * Where the kernel finds a symbol among those of the same name in the same object ({@code sympos},
 * Documentation/livepatch/livepatch.rst).
 */
public sealed interface Position {

    /**
     * It is known.
     *
     * @param sympos 0 if there is no other of that name, and the kernel refuses the module if it finds another one; else
     *     its number, from 1, in the order in which the kernel counts
     */
    record At(int sympos) implements Position {}

    /** The parent has no such symbol. */
    record Absent() implements Position {}

    /**
     * There are several and nothing tells which it is.
     *
     * @param candidates how many
     */
    record Ambiguous(int candidates) implements Position {}
}
