// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SHA-256 of each module of one kernel as it was installed: a file {@code DB/.kpatch/sha256/KERNELVERSION/FILE.ko}
 * with a line as sha256sum(1) writes and checks it. What others put into the DB has none.
 */
public final class Fingerprints {
    private static final Pattern RECORD = Pattern.compile("([0-9a-f]{64}) .*\n");

    private final Path directory;

    Fingerprints(Path directory) {
        this.directory = directory;
    }

    /** What is on record of a file, in hexadecimal digits; what is damaged is as good as not there. */
    public Optional<String> find(String fileName) {
        Path file = directory.resolve(fileName);
        try {
            Matcher record = RECORD.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            return record.matches() ? Optional.of(record.group(1)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be read", e);
        }
    }

    /** Keeps a file's. Call it with the lock held. */
    public void write(String fileName, String sha256) {
        Path file = directory.resolve(fileName);
        try {
            String line = sha256 + "  " + fileName + "\n";
            DurableFile.createDirectory(directory);
            DurableFile.write(file, line.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be written", e);
        }
    }

    /** Forgets a file, if it is known. Call it with the lock held. */
    public void remove(String fileName) {
        DurableFile.removeRecord(directory.resolve(fileName));
    }
}
