// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

    /** The fingerprint of some content. */
    public static String of(byte[] content) {
        try {
            return of(new ByteArrayInputStream(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // from memory: it does not happen
        }
    }

    /** The fingerprint of what a stream has. */
    static String of(InputStream content) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            content.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Keeps the fingerprint of a file's content. Call it with the lock held. */
    public void write(String fileName, byte[] content) {
        Path file = directory.resolve(fileName);
        try {
            String line = of(content) + "  " + fileName + "\n";
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
