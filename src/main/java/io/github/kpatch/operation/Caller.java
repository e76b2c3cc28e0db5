// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

/** Who is behind what is done, for the record in the kernel's log. */
final class Caller {
    private Caller() {}

    /** Words to end a record with: the user who logged in, where that is known. */
    static String suffix(Host host) {
        return host.kernel().loginUid().map(uid -> " (login uid " + uid + ")").orElse("");
    }
}
