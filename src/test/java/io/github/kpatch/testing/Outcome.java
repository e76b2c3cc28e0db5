// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/**
 * How a command line ended.
 *
 * @param stdout what it wrote to standard output
 * @param stderr what it wrote to standard error
 * @param status its exit status
 */
public record Outcome(String stdout, String stderr, int status) {
    /** It ended with status 0 and had nothing to complain of. */
    public Outcome succeeds() {
        assertEquals("", stderr, () -> "stderr of " + this);
        return endsWith(0);
    }

    public Outcome endsWith(int expected) {
        assertEquals(expected, status, this::toString);
        return this;
    }

    /** Standard output is exactly these lines. */
    public Outcome prints(Object... lines) {
        assertEquals(text(lines), stdout, () -> "stderr: " + stderr);
        return this;
    }

    /** These lines are in standard output, in this order, with others between them or not. */
    public Outcome printsAmongOthers(Object... lines) {
        int from = 0;
        List<String> all = stdout.lines().toList();
        for (Object line : lines) {
            int at = all.subList(from, all.size()).indexOf(line.toString());
            assertTrue(at >= 0, () -> "no line '" + line + "' in its place in\n" + this);
            from += at + 1;
        }
        return this;
    }

    /** Standard error is exactly these lines. */
    public Outcome complains(Object... lines) {
        assertEquals(text(lines), stderr, () -> "stdout: " + stdout);
        return this;
    }

    /** It failed with one line on standard error, {@code kpatch: SENTENCE}, in which these words are. */
    public Outcome failsWith(int expected, String... words) {
        endsWith(expected);
        assertTrue(stderr.startsWith("kpatch: "), this::toString);
        assertEquals(1, stderr.lines().count(), this::toString);
        return mentions(words);
    }

    /** These words are on standard error. */
    public Outcome mentions(String... words) {
        for (String word : words) {
            assertTrue(stderr.contains(word), () -> "'" + word + "' is missing in\n" + this);
        }
        return this;
    }

    /** These words are not on standard error. */
    public Outcome doesNotMention(String... words) {
        for (String word : words) {
            assertFalse(stderr.contains(word), () -> "'" + word + "' is there in\n" + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return "status " + status + "\n--- stdout\n" + stdout + "--- stderr\n" + stderr;
    }

    private static String text(Object... lines) {
        StringBuilder text = new StringBuilder();
        for (Object line : lines) {
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
