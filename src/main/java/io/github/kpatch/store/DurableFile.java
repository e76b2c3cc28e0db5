// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.FileKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files that are either wholly there or not there at all, whatever happens on the way, and their directories. */
public final class DurableFile {
    /** How the name of an unfinished file begins: it is hidden, and has no {@code .ko} at its end. */
    private static final String UNFINISHED = ".kpatch-unfinished-";

    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");
    /** The permissions of a file that is its owner's alone. */
    public static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private static final Set<PosixFilePermission> ACCESSIBLE = PosixFilePermissions.fromString("rwxr-xr-x");

    private DurableFile() {}

    /** Whether a name is that of a file which a crash left unfinished. */
    static boolean isUnfinished(String fileName) {
        return fileName.startsWith(UNFINISHED);
    }

    /**
     * Writes a file under a temporary name, brings it to the disk, and only then gives it its name. What was there
     * under that name is replaced.
     */
    static void write(Path file, byte[] content) throws IOException {
        write(file, content, READABLE);
    }

    /** The same for a file of these permissions, whatever the umask. */
    public static void write(Path file, byte[] content, Set<PosixFilePermission> mode) throws IOException {
        Path directory = parent(file);
        Path unfinished = unfinished(file);
        removeUnfinished(file); // left by a crash: whoever holds the lock may remove it
        try {
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(mode))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                Files.setPosixFilePermissions(unfinished, mode); // whatever the umask
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        sync(directory);
    }

    /** Removes what a crash left of writing a file. */
    public static void removeUnfinished(Path file) throws IOException {
        Files.deleteIfExists(unfinished(file));
    }

    private static Path unfinished(Path file) throws IOException {
        return parent(file).resolve(UNFINISHED + file.getFileName());
    }

    /**
     * Writes a file of the user's own, in a directory that is there.
     *
     * @param forOwner whether only its owner may read it
     */
    public static void replace(Path file, byte[] content, boolean forOwner) {
        FileKind kind = Names.kind(file, LinkOption.NOFOLLOW_LINKS);
        if (kind != FileKind.NONE && kind != FileKind.REGULAR) {
            throw new KpatchException(
                    Failure.REFUSED, file + ": is no regular file, and would be replaced by one", "name another file");
        }
        try {
            write(file.toAbsolutePath(), content, forOwner ? PRIVATE : READABLE);
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be written", e);
        }
    }

    /** Removes a file, if it is there, and its directory if that leaves it empty. */
    static void removeRecord(Path file) {
        try {
            if (Files.deleteIfExists(file)) {
                Path directory = parent(file);
                sync(directory);
                if (Names.in(directory).isEmpty()) {
                    Files.delete(directory);
                }
            }
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be removed", e);
        }
    }

    /** Makes a directory and those above it that are not there, and brings their entries to the disk. */
    public static void createDirectory(Path directory) throws IOException {
        if (FileKind.of(directory) == FileKind.DIRECTORY) {
            return;
        }
        Path parent = parent(directory);
        createDirectory(parent);
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, ACCESSIBLE); // whatever the umask
        sync(parent);
    }

    /** Brings a directory's entries to the disk, fsync(2). */
    public static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The directory of a file. */
    public static Path parent(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IOException(file + ": has no directory");
        }
        return parent;
    }
}
