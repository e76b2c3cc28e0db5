// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

/**
 * How a table of the kernel is laid out.
 *
 * @param entrySize in bytes
 * @param role what its entries mean for the function they are about
 * @param line the offset in an entry of the 16-bit number of a source line, -1 where there is none
 * @param length the offset in an entry of the 8-bit length of what its second address is of, -1 where there is none
 */
public record TableLayout(int entrySize, Role role, int line, int length) {
    private static final int SECOND_ADDRESS = 4;

    /** What an entry means for the function that it is about. */
    public enum Role {
        /** It says how the function behaves: a function whose entries differ has changed. */
        BEHAVIOUR,
        /** It follows from the code, as the places of returns do. */
        DERIVED,
        /** As the last, with a second table in parallel whose entries belong to the same places. */
        UNWIND_PLACES,
        /** The second table of those. */
        UNWIND_RULES,
        /** It says that ftrace can redirect a function. */
        TRACING
    }

    public TableLayout(int entrySize, Role role) {
        this(entrySize, role, -1, -1);
    }

    /** Whether an address in such a table is that of nothing: at the same place there is something else then. */
    boolean isOfNothing(byte[] content, long offset) {
        long start = entrySize > 0 ? offset - offset % entrySize : 0;
        return length >= 0
                && offset - start == SECOND_ADDRESS
                && start + length < content.length
                && content[(int) start + length] == 0;
    }
}
