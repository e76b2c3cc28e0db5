// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing.fault;

import io.github.kpatch.kernel.Errno;

/** What befalls a step. */
public enum Fault {
    EIO(Errno.EIO, "Input/output error"),
    ENOSPC(Errno.ENOSPC, "No space left on device"),
    EINTR(Errno.EINTR, "Interrupted system call"),
    EACCES(Errno.EACCES, "Permission denied"),
    ENOMEM(Errno.ENOMEM, "Cannot allocate memory"),
    /** The process is killed before it, or in the midst of a write. */
    KILL(Errno.OTHER, "killed");

    final Errno errno;
    final String text;

    Fault(Errno errno, String text) {
        this.errno = errno;
        this.text = text;
    }
}
