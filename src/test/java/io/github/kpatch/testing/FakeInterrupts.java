// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.kernel.Interrupts;
import java.util.ArrayList;
import java.util.List;

/** Interrupts that come when a test says so. As with a real one, the process does not survive it. */
public final class FakeInterrupts implements Interrupts {
    /** The end of the interrupted process; no handler of the program's own may catch it. */
    public static final class Ended extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final List<Runnable> expecting = new ArrayList<>();

    @Override
    public Watch onInterrupt(Runnable lastWords) {
        expecting.add(lastWords);
        return () -> expecting.remove(lastWords);
    }

    /** Ctrl-C. */
    public void fire() {
        List.copyOf(expecting).forEach(Runnable::run);
        throw new Ended();
    }
}
