// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

/** What kpatch did to this machine and who was behind it, left in the kernel's log. */
final class Trace {
    private final Host host;

    Trace(Host host) {
        this.host = host;
    }

    /** Leaves a line, with the user who logged in, where that is known. */
    void leave(String line) {
        String who =
                host.kernel().loginUid().map(uid -> " (login uid " + uid + ")").orElse("");
        host.machine().kernelLog().record(line + who);
    }
}
