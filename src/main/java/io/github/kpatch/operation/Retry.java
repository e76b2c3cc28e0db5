// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.Clock;
import io.github.kpatch.kernel.Errno;
import io.github.kpatch.kernel.SystemCallException;
import java.time.Duration;

/**
 * Tries again what the kernel is too busy for: while another transition runs, and with the core module while a function
 * to be patched is in use (its activeness check). Both pass by themselves, or do not within a few seconds.
 */
final class Retry {
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private Retry() {}

    /** Something that the kernel may be too busy for. */
    @FunctionalInterface
    interface Attempt {
        void run() throws SystemCallException;
    }

    static void whileBusy(Clock clock, Attempt attempt) throws SystemCallException {
        for (int left = ATTEMPTS - 1; ; left--) {
            try {
                attempt.run();
                return;
            } catch (SystemCallException e) {
                if (e.errno() != Errno.EBUSY || left == 0) {
                    throw e;
                }
            }
            clock.sleep(PAUSE);
        }
    }
}
