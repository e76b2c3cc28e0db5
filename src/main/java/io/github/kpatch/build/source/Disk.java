// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files of the builder's own, whose errors are told in a sentence. Names in texts are bytes: sources may be Latin-1. */
public final class Disk {
    /** What the umask leaves of it: what is made is for others to read, as a compiler's output is. */
    private static final FileAttribute<?> READABLE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-"));

    private Disk() {}

    /** Something that is done with a file and may fail as inputs and outputs do. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /**
     * Does something with a file.
     *
     * @param what what could not be done with it where that fails, as in "cannot be read"
     */
    public static <T extends @Nullable Object> T with(Path file, String what, Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, file + ": " + what + ": " + Reason.of(e), e);
        }
    }

    public static byte[] read(Path file) {
        return with(file, "cannot be read", () -> Files.readAllBytes(file));
    }

    public static String text(Path file) {
        return new String(read(file), StandardCharsets.ISO_8859_1);
    }

    /** The text of a file; empty where there is none. */
    public static Optional<String> textIfThere(Path file) {
        return with(file, "cannot be read", () -> {
            try {
                return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }

    /** Writes a file, whole or not at all, and the directories above it. */
    public static void write(Path file, byte[] content) {
        with(file, "cannot be written", () -> {
            Path directory = Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
            Path unfinished = Files.createTempFile(directory.normalize(), ".", ".tmp", READABLE);
            Files.write(unfinished, content);
            return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static void copy(Path from, Path to) {
        with(to, "cannot be written", () -> {
            makeDirectory(to.toAbsolutePath().resolveSibling(".").normalize());
            return Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        });
    }

    public static Path makeDirectory(Path directory) {
        return with(directory, "cannot be made", () -> Files.createDirectories(directory));
    }

    /** The entries of a directory in the order of their names; none where there is no such directory. */
    public static List<Path> entries(Path directory) {
        return with(directory, "cannot be read", () -> {
            if (!Files.isDirectory(directory)) {
                return List.of();
            }
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.sorted().toList();
            }
        });
    }

    /** Removes a file or a directory with all that is in it, if it is there; what links lead to is left alone. */
    public static void remove(Path tree) {
        with(tree, "cannot be removed", () -> {
            if (!Files.isDirectory(tree, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(tree);
                return tree;
            }
            return Files.walkFileTree(tree, new Removal());
        });
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            if (e != null) {
                throw e;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
