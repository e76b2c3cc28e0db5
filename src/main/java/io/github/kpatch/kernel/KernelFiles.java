// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads the kernel's small files. Absent is an empty answer; unreadable is a failure that names the file. */
final class KernelFiles {
    /** More than any file that is read here has: /proc/modules of a machine with 10,000 modules takes 1 MiB. */
    private static final int LIMIT = 16 << 20;

    /** As much as most of them have. */
    private static final int PAGE = 4096;

    private KernelFiles() {}

    /** The whole text of a file without the line end, or empty where there is no such file. */
    static Optional<String> read(Path file) {
        return readBytes(file).map(KernelFiles::text);
    }

    private static String text(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
        }
        return text.substring(0, end);
    }

    /** The whole content of a file that is no text, or empty where there is no such file. */
    static Optional<byte[]> readBytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(readAll(in));
        } catch (IOException e) {
            if (isGone(e)) {
                return Optional.empty();
            }
            throw unreadable(file, e);
        }
    }

    /** By plain reads: the stream would ask for the position first, and some of these files cannot seek (securityfs). */
    private static byte[] readAll(InputStream in) throws IOException {
        byte[] content = new byte[PAGE];
        int length = 0;
        for (int read = in.read(content); read > 0; read = in.read(content, length, content.length - length)) {
            length += read;
            if (length == content.length) {
                content = Arrays.copyOf(content, Math.min(2 * length, LIMIT));
            }
        }
        return Arrays.copyOf(content, length);
    }

    /** As {@link #read}, and empty also where this user may not read the file. */
    static Optional<String> readIfPermitted(Path file) {
        try {
            return read(file);
        } catch (KpatchException e) {
            if (e.kind() == Failure.NOT_PERMITTED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The lines of a file; none where there is no such file. */
    static List<String> lines(Path file) {
        return lines(read(file).orElse(""));
    }

    /** The lines of a text. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                end = text.length();
            }
            lines.add(text.substring(start, end));
            start = end + 1;
        }
        return lines;
    }

    /** The names of the directories in a directory, in no order; none where there is no such directory. */
    static List<String> directories(Path directory) {
        List<String> names = new ArrayList<>();
        for (Path entry : entries(directory)) {
            if (isDirectory(entry)) {
                names.add(String.valueOf(entry.getFileName()));
            }
        }
        return names;
    }

    /** What is in a directory, in no order; nothing where there is no such directory. */
    static List<Path> entries(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            if (isGone(e)) {
                return List.of();
            }
            throw unreadable(directory, e);
        } catch (DirectoryIteratorException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            if (isGone(cause)) {
                return List.of();
            }
            throw unreadable(directory, cause);
        }
        return entries;
    }

    static boolean isDirectory(Path path) {
        return kind(path) == FileKind.DIRECTORY;
    }

    static boolean exists(Path path) {
        return kind(path) != FileKind.NONE;
    }

    private static FileKind kind(Path path) {
        try {
            return FileKind.of(path);
        } catch (IOException e) {
            if (isGone(e)) {
                return FileKind.NONE;
            }
            throw unreadable(path, e);
        }
    }

    /** A task or a patch may end while it is read: /proc answers ESRCH then, and sysfs ENODEV or ENOENT. */
    private static boolean isGone(IOException e) {
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return true;
        }
        String reason = e.getMessage();
        return reason != null && (reason.endsWith("No such process") || reason.endsWith("No such device"));
    }

    static KpatchException unreadable(Path file, IOException e) {
        String reason = String.valueOf(e.getMessage());
        if (e instanceof AccessDeniedException
                || reason.endsWith("Permission denied")
                || reason.endsWith("Operation not permitted")) {
            return new KpatchException(Failure.NOT_PERMITTED, file + ": cannot be read", "run kpatch as root", e);
        }
        return new KpatchException(Failure.FAILED, file + ": cannot be read: " + reason, e);
    }
}
