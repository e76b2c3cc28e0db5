// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.util.List;

/** The kernel's log, /dev/kmsg (Documentation/ABI/testing/dev-kmsg). */
public interface KernelLog {

    /** Starts to listen: what the kernel says from now on can be read from what is returned. */
    Listener listen();

    /** Leaves a line of ours in the kernel's log, and so in the journal; does nothing where that is not allowed. */
    void record(String line);

    /** The log from one moment on. */
    interface Listener extends AutoCloseable {

        /** The messages since the last call, or since the start; empty also where the log cannot be read. */
        List<String> lines();

        @Override
        void close();
    }
}
