// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that no patch module can be read from. The message is a fragment that begins with a verb and reads well after
 * the file's name, such as {@code is a kernel module but not a patch module}; the caller adds the name.
 */
public final class NotAPatchModuleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String hint;

    public NotAPatchModuleException(String reason) {
        super(reason);
        this.hint = null;
    }

    public NotAPatchModuleException(String reason, Throwable cause) {
        super(reason, cause);
        this.hint = null;
    }

    /** @param hint what to do about it */
    public NotAPatchModuleException(String reason, String hint, @Nullable Throwable cause) {
        super(reason, cause);
        this.hint = hint;
    }

    /** What to do about it, where that does not go without saying. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}
