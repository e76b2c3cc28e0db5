// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.module.FileKind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The names in a directory. {@link java.io.File#list} is no way to them: it gives those it came to when the disk fails
 * in the midst of it (readdir(3)), and tells no cause when it gives none.
 */
final class Names {
    private Names() {}

    static boolean isDirectory(Path path) {
        return kind(path) == FileKind.DIRECTORY;
    }

    /** What there is at a path. */
    static FileKind kind(Path path, LinkOption... options) {
        try {
            return FileKind.of(path, options);
        } catch (IOException e) {
            throw Reason.failure(path, "cannot be examined", e);
        }
    }

    /** All names in a directory, in no order; none where there is no such directory. */
    static List<String> in(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String path = file.toString(); // Path.getFileName takes longer, and a DB may have a thousand
                names.add(path.substring(path.lastIndexOf('/') + 1));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of(); // what is not there, a file, or a link to nowhere has no entries
        } catch (IOException e) {
            if (isLoop(e)) {
                return List.of();
            }
            throw Reason.failure(directory, "cannot be read", e);
        } catch (DirectoryIteratorException e) {
            throw Reason.failure(directory, "cannot be read", Objects.requireNonNull(e.getCause()));
        }
        return names;
    }

    private static boolean isLoop(IOException e) {
        return e instanceof FileSystemException f
                && String.valueOf(f.getReason()).startsWith("Too many levels of symbolic links");
    }
}
