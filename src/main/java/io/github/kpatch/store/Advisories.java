// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.module.Advisory;
import io.github.kpatch.module.MalformedAdvisoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What lay beside the modules of one kernel when they were installed and says what they fix: a file
 * {@code DB/.kpatch/advisory/KERNELVERSION/FILE.ko} for each that had one, the module's SHA-256 in its first line. It
 * counts only for that very module: others may put another one in its place.
 */
public final class Advisories {
    private final Path directory;

    Advisories(Path directory) {
        this.directory = directory;
    }

    /** What is on record of a file with that SHA-256, which is asked for only if there is a record; what is damaged is as good as not there. */
    public Optional<Advisory> find(String fileName, Supplier<String> sha256) {
        Path file = directory.resolve(fileName);
        try {
            String[] lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", 2);
            return lines.length == 2 && lines[0].equals(sha256.get())
                    ? Optional.of(Advisory.parse(lines[1]))
                    : Optional.empty();
        } catch (NoSuchFileException | MalformedAdvisoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be read", e);
        }
    }

    /** Keeps what lies beside a module, or forgets what did. Call it with the lock held. */
    public void write(String fileName, Optional<String> text, String sha256) {
        Path file = directory.resolve(fileName);
        try {
            if (text.isPresent()) {
                DurableFile.createDirectory(directory);
                DurableFile.write(file, (sha256 + "\n" + text.get()).getBytes(StandardCharsets.UTF_8));
            } else {
                remove(fileName);
            }
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be written", e);
        }
    }

    /** Forgets a file, if it is known. Call it with the lock held. */
    public void remove(String fileName) {
        DurableFile.removeRecord(directory.resolve(fileName));
    }
}
