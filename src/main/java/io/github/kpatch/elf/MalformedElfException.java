// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

/**
 * The bytes are no ELF object that can be read. It is a checked exception because the bytes come from outside: the
 * compiler then proves that no reader forgets to say so in the terms of its own caller.
 *
 * <p>The message is a fragment that reads well after the name of the file: {@code is not an ELF file}.
 */
public final class MalformedElfException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /**
     * @param offset where in the file the trouble was found
     * @param reason what is wrong, beginning with a verb
     */
    public MalformedElfException(long offset, String reason) {
        super(reason);
        this.offset = offset;
    }

    static MalformedElfException corrupt(long offset, String what) {
        return new MalformedElfException(offset, "is corrupt: " + what);
    }

    /** Where in the file the trouble was found. */
    public long offset() {
        return offset;
    }
}
