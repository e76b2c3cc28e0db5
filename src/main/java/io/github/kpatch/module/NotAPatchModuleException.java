// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

/**
 * A file that no patch module can be read from. The message is a fragment that begins with a verb and reads well after
 * the file's name, such as {@code is a kernel module but not a patch module}; the caller adds the name and what to do.
 */
public final class NotAPatchModuleException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotAPatchModuleException(String reason) {
        super(reason);
    }

    public NotAPatchModuleException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
