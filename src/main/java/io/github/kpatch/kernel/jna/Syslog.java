// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel.jna;

import io.github.kpatch.kernel.SystemLog;
import java.util.function.Supplier;

/** syslog(3) as a program of the name kpatch. */
public final class Syslog implements SystemLog {
    private static final String NAME = "kpatch";

    private final Supplier<LibC> libC;

    /** @param libC the C library, taken when a line is left */
    public Syslog(Supplier<LibC> libC) {
        this.libC = libC;
    }

    @Override
    public void record(String line) {
        libC.get().syslog(NAME, line);
    }
}
