// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What there is at a path. {@link Files#exists} and its like take what cannot be looked at for what is not there. */
public enum FileKind {
    NONE,
    REGULAR,
    DIRECTORY,
    OTHER;

    /**
     * What is there now.
     *
     * @throws IOException if that cannot be found out
     */
    public static FileKind of(Path path, LinkOption... options) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, options);
            if (attributes.isDirectory()) {
                return DIRECTORY;
            }
            return attributes.isRegularFile() ? REGULAR : OTHER;
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (FileSystemException e) {
            if ("Not a directory".equals(e.getReason())) { // nor can there be anything below it
                return NONE;
            }
            throw e;
        }
    }
}
