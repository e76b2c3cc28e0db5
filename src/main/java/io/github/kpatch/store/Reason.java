// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why an input or output failed, in the system's words, without the path that Java puts before them. */
final class Reason {
    private Reason() {}

    static String of(IOException e) {
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
