// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.kernel.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Takes the time of the parts of a build. */
final class Times {
    private final Clock clock;
    private final List<Report.Timing> times = new ArrayList<>();

    Times(Clock clock) {
        this.clock = clock;
    }

    <T> T of(String part, Supplier<T> work) {
        long start = clock.nanoTime();
        T result = work.get();
        times.add(new Report.Timing(part, Duration.ofNanos(clock.nanoTime() - start)));
        return result;
    }

    void run(String part, Runnable work) {
        of(part, () -> {
            work.run();
            return part;
        });
    }

    List<Report.Timing> all() {
        return List.copyOf(times);
    }
}
