// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A lock that one process holds at a time; the kernel lets go of it when the process ends, however it ends. */
public final class Lock implements AutoCloseable {
    private static final Set<OpenOption> OPTIONS =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final FileChannel channel;

    private Lock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, and waits for it where another process has it.
     *
     * @param file the lock file, which is made where it is not there and stays behind
     * @param waiting called once if the lock has to be waited for
     */
    public static Lock take(Path file, Runnable waiting) {
        try {
            FileChannel channel = FileChannel.open(
                    file, OPTIONS, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    waiting.run();
                    channel.lock();
                }
                return new Lock(channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw new KpatchException(Failure.NOT_PERMITTED, file + ": cannot be locked", "run kpatch as root", e);
        } catch (NoSuchFileException e) {
            throw new KpatchException(
                    Failure.FAILED, file + ": cannot be locked, as its directory is not there", "create it", e);
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, file + ": cannot be locked: " + Reason.of(e), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, "a lock cannot be released: " + e.getMessage(), e);
        }
    }
}
