// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.time.Duration;
import java.time.Instant;

/** The time of the JVM. */
public final class SystemClock implements Clock {
    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(System.currentTimeMillis() / 1000);
    }

    @Override
    public void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
