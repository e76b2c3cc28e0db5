// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** How something in the tree was before, as a line of the journal. */
sealed interface JournalEntry {

    /** Its path below the tree. */
    String name();

    /** The line of the journal. */
    String line();

    /**
     * A file that was there.
     *
     * @param number the name of its copy
     */
    record Original(int number, Set<PosixFilePermission> permissions, FileTime modified, String name)
            implements JournalEntry {
        @Override
        public String line() {
            return String.join(
                    " ",
                    "file",
                    String.valueOf(number),
                    PosixFilePermissions.toString(permissions),
                    modified.toInstant().toString(),
                    name);
        }
    }

    /** A file that was not there. */
    record NoFile(String name) implements JournalEntry {
        @Override
        public String line() {
            return "nofile " + name;
        }
    }

    /** A directory that was not there. */
    record NoDirectory(String name) implements JournalEntry {
        @Override
        public String line() {
            return "nodirectory " + name;
        }
    }

    /** The entry that a line means; empty if it means none. */
    static Optional<JournalEntry> parse(String line) {
        String[] words = line.split(" ", 2);
        if (words.length < 2) {
            return Optional.empty();
        }
        return switch (words[0]) {
            case "nofile" -> Optional.of(new NoFile(words[1]));
            case "nodirectory" -> Optional.of(new NoDirectory(words[1]));
            case "file" -> original(words[1].split(" ", 4));
            default -> Optional.empty();
        };
    }

    private static Optional<JournalEntry> original(String[] words) {
        try {
            return words.length < 4
                    ? Optional.empty()
                    : Optional.of(new Original(
                            Integer.parseInt(words[0]),
                            PosixFilePermissions.fromString(words[1]),
                            FileTime.from(Instant.parse(words[2])),
                            words[3]));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
