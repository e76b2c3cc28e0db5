// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.kernel.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Time that passes only while somebody sleeps, and in which events happen when they are due. */
public final class FakeClock implements Clock {
    /** A wait that takes longer than this will not end. */
    private static final Duration LONGEST_TEST = Duration.ofDays(1);

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private record Event(long due, Runnable action) {}

    private final List<Event> events = new ArrayList<>();
    private final List<Duration> sleeps = new ArrayList<>();
    private long now;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant now() {
        return START.plusNanos(now).truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void sleep(Duration duration) {
        sleeps.add(duration);
        pass(duration);
    }

    /** Lets something happen when that much time has passed. */
    public void after(Duration delay, Runnable action) {
        events.add(new Event(now + delay.toNanos(), action));
    }

    /** Lets time pass between two command lines. */
    public void pass(Duration duration) {
        long end = now + duration.toNanos();
        for (Event next = next(end); next != null; next = next(end)) {
            events.remove(next);
            now = Math.max(now, next.due());
            next.action().run();
        }
        now = end;
        if (now > LONGEST_TEST.toNanos()) {
            throw new AssertionError("a wait does not end");
        }
    }

    public Duration elapsed() {
        return Duration.ofNanos(now);
    }

    /** Every sleep so far. */
    public List<Duration> sleeps() {
        return List.copyOf(sleeps);
    }

    private @Nullable Event next(long end) {
        Event next = null;
        for (Event event : events) {
            if (event.due() <= end && (next == null || event.due() < next.due())) {
                next = event;
            }
        }
        return next;
    }
}
