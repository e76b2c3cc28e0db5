// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.time.Duration;
import java.time.Instant;

/** The time. */
public interface Clock {

    /** A reading in nanoseconds, of use only as a difference to another one. */
    long nanoTime();

    /** The time of day, to the second. */
    Instant now();

    /** Waits; an interrupted wait ends early. */
    void sleep(Duration duration);
}
