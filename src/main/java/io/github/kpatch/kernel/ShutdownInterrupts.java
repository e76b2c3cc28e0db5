// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.util.concurrent.atomic.AtomicBoolean;

/** The JVM's way of ending by a signal: it runs its shutdown hooks, and exits with 128 and the signal's number. */
public final class ShutdownInterrupts implements Interrupts {
    @Override
    public Watch onInterrupt(Runnable lastWords) {
        AtomicBoolean closed = new AtomicBoolean();
        Thread hook = new Thread(
                () -> {
                    if (!closed.get()) {
                        lastWords.run();
                    }
                },
                "interrupted");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) { // the interrupt is there already
            lastWords.run();
        }
        return () -> closed.set(true); // the hook stays behind, and says nothing: it cannot be taken back in time
    }
}
