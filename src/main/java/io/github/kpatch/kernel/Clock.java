// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.time.Duration;

/** The time, as far as waiting needs it. */
public interface Clock {

    /** A reading in nanoseconds, of use only as a difference to another one. */
    long nanoTime();

    /** Waits; an interrupted wait ends early. */
    void sleep(Duration duration);
}
