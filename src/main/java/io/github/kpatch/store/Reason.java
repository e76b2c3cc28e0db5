// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why an input or output failed, in the system's words, without the path that Java puts before them. */
public final class Reason {
    private Reason() {}

    /**
     * The failure that it means.
     *
     * @param what what could not be done with the file, as in "cannot be read"
     */
    static KpatchException failure(Path file, String what, IOException e) {
        if (e instanceof AccessDeniedException) {
            return new KpatchException(Failure.NOT_PERMITTED, file + ": " + what, "run kpatch as root", e);
        }
        return new KpatchException(Failure.FAILED, file + ": " + what + ": " + of(e), e);
    }

    public static String of(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "something else of that name is in the way";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "it is a directory that is not empty";
        }
        if (e instanceof NoSuchFileException) {
            return "it is not there";
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
