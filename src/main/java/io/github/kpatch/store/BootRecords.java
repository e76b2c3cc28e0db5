// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The boot records of one kernel's modules: a file {@code DB/.kpatch/guard/KERNELVERSION/FILE.ko} for each. They are on the disk before the call that writes one returns.
 */
public final class BootRecords {
    private final Path directory;

    BootRecords(Path directory) {
        this.directory = directory;
    }

    /** All that there are, in no order. What is damaged is as good as not there. */
    public List<BootRecord> all() {
        List<BootRecord> records = new ArrayList<>();
        for (String name : Names.in(directory)) {
            if (!DurableFile.isUnfinished(name)) {
                find(name).ifPresent(records::add);
            }
        }
        return records;
    }

    private Optional<BootRecord> find(String fileName) {
        Path file = directory.resolve(fileName);
        try {
            return parse(fileName, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be read", e);
        }
    }

    public void write(BootRecord record) {
        Path file = directory.resolve(record.fileName());
        try {
            DurableFile.createDirectory(directory);
            DurableFile.write(
                    file,
                    (record.state() + " " + record.bootId() + " " + record.fingerprint() + "\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be written", e);
        }
    }

    /** Forgets a module, if it is known. */
    public void remove(String fileName) {
        Path file = directory.resolve(fileName);
        try {
            if (Names.isDirectory(directory) && Files.deleteIfExists(file)) {
                DurableFile.sync(directory);
            }
        } catch (IOException e) {
            throw Reason.failure(file, "cannot be removed", e);
        }
    }

    private static Optional<BootRecord> parse(String fileName, String text) {
        String[] words = text.strip().split(" ", -1);
        if (words.length == 3) {
            for (BootRecord.State state : BootRecord.State.values()) {
                if (state.name().equals(words[0])) {
                    return Optional.of(new BootRecord(fileName, state, words[1], words[2]));
                }
            }
        }
        return Optional.empty();
    }
}
