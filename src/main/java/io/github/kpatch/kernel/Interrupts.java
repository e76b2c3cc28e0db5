// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

/** Ctrl-C and its relatives (SIGINT, SIGTERM, SIGHUP). */
public interface Interrupts {

    /**
     * Has something said before an interrupt ends the process; closing what is returned takes it back.
     *
     * @param lastWords called at most once, on another thread, while the caller may still be running
     */
    Watch onInterrupt(Runnable lastWords);

    /** An expected interrupt, until it is closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
