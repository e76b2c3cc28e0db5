// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import java.time.Duration;
import java.util.Optional;

/**
 * How a transition is to be waited for.
 *
 * @param waits whether to wait at all
 * @param timeout the longest wait, where it is not the usual one
 * @param onStall what becomes of a load whose transition stalls
 */
public record Waiting(boolean waits, Optional<Duration> timeout, OnStall onStall) {
    /** The kernel sends its own fake signal in the 15th second, so a wait that ends before never sees its effect. */
    static final Duration UNTIL_SIGNAL = Duration.ofSeconds(15);

    private static final Duration AFTER_SIGNAL = Duration.ofSeconds(60);

    private static final Duration SHORTEST_REVERT = UNTIL_SIGNAL.plusSeconds(5);

    /** The usual wait. */
    public static final Waiting USUAL = new Waiting(true, Optional.empty(), OnStall.UNLOAD);

    /** What becomes of a load whose transition stalls. */
    public enum OnStall {
        /** The transition is reversed and the module removed. */
        UNLOAD,
        /** The transition goes on. */
        KEEP
    }

    /** The longest wait. */
    Duration limit() {
        return timeout.orElse(UNTIL_SIGNAL.plus(AFTER_SIGNAL));
    }

    /** The longest wait for a load to be reverted: a short limit for the load is none for cleaning up after it. */
    Duration revertLimit() {
        return limit().compareTo(SHORTEST_REVERT) > 0 ? limit() : SHORTEST_REVERT;
    }

    /** The kernel has one transition at a time, so one after which another one is to come is waited for in any case. */
    Waiting with(boolean moreToCome) {
        return new Waiting(waits || moreToCome, timeout, onStall);
    }
}
