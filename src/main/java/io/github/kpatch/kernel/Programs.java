// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.util.Optional;

/**
 * Other programs of the machine that kpatch leaves work to: modprobe for the core module, systemctl, restorecon, the
 * makers of the initramfs.
 */
public interface Programs {

    /** Whether a program is there. */
    boolean has(String program);

    /**
     * Runs a program to its end, with no input, and gives its outcome; empty where the program is not there.
     *
     * @param command the program's name and its arguments
     */
    Optional<Outcome> run(String... command);

    /**
     * How a program ended.
     *
     * @param status its exit status
     * @param output what it printed, on either stream
     */
    record Outcome(int status, String output) {}
}
