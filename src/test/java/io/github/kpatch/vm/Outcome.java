// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * How a command in a guest ended.
 *
 * @param command the command
 * @param status its exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Outcome(String command, int status, String out, String err) {

    /** Success, with nothing on standard error. */
    Outcome succeeds() {
        assertEquals(0, status, this::toString);
        assertEquals("", err, this::toString);
        return this;
    }

    /** A failure in kpatch's way: a status, and on standard error lines of which the first is its sentence. */
    Outcome fails(int expected) {
        assertEquals(expected, status, this::toString);
        assertTrue(err.startsWith("kpatch: "), this::toString);
        assertTrue(!err.contains("\tat ") && !err.contains("Exception"), this::toString);
        return this;
    }

    Outcome prints(String text) {
        assertTrue(out.contains(text), () -> "'" + text + "' was expected on standard output of " + this);
        return this;
    }

    Outcome doesNotPrint(String text) {
        assertTrue(!out.contains(text), () -> "'" + text + "' was not expected on standard output of " + this);
        return this;
    }

    Outcome tells(String text) {
        assertTrue(err.contains(text), () -> "'" + text + "' was expected on standard error of " + this);
        return this;
    }

    /** Its standard output, to the letter. */
    void printsExactly(String... lines) {
        assertEquals(String.join("\n", lines) + "\n", out, this::toString);
    }

    @Override
    public String toString() {
        return command + "\nstatus " + status + "\nout:\n" + out + "err:\n" + err;
    }
}
