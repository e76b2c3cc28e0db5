// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.Clock;
import java.time.Duration;

/** A wait by short polls: milliseconds at first, longer later, never beyond its limit. */
final class Polling {
    private static final Duration FIRST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMillis(100);

    private final Clock clock;
    private final Duration limit;
    private final long start;
    private Duration next = FIRST;

    Polling(Clock clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
        this.start = clock.nanoTime();
    }

    Duration elapsed() {
        return Duration.ofNanos(clock.nanoTime() - start);
    }

    /** How long it is to the limit. */
    Duration left() {
        Duration left = limit.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean isOver() {
        return elapsed().compareTo(limit) >= 0;
    }

    /** Sleeps till the next look is due. */
    void pause() {
        clock.sleep(shorter(next, left()));
        next = shorter(next.multipliedBy(2), LONGEST);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
