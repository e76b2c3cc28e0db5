// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

/** The system's log of what concerns its security, syslog(3) with authpriv. */
@FunctionalInterface
public interface SystemLog {

    /** Leaves a line; it is lost where no log is kept. */
    void record(String line);
}
