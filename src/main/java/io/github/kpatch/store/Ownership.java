// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/**
 * Who may change what is loaded into the kernel: root, and the user who runs kpatch.
 *
 * @param user the latter
 */
record Ownership(IntSupplier user) {

    /** Refuses a file or directory that belongs to somebody else, or that others may write to. */
    void require(Path path) {
        int mode;
        int uid;
        try {
            mode = (Integer) Files.getAttribute(path, "unix:mode");
            uid = (Integer) Files.getAttribute(path, "unix:uid");
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw Reason.failure(path, "cannot be examined", e);
        }
        if (uid != 0 && uid != user.getAsInt()) {
            throw new KpatchException(
                    Failure.REFUSED, path + ": belongs to user " + uid + " and not to root", "run 'chown root' on it");
        }
        if ((mode & 022) != 0) {
            throw new KpatchException(
                    Failure.REFUSED, path + ": others than its owner may write to it", "run 'chmod go-w' on it");
        }
    }
}
