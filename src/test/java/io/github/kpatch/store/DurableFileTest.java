// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @TempDir
    private Path directory = Path.of("");

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    @Test
    void aFileIsThereWholeAndNothingElse() throws IOException {
        Path file = directory.resolve("a.ko");
        DurableFile.write(file, new byte[100_000]);
        assertEquals(100_000, Files.size(file));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of("a.ko"), names());
    }

    @Test
    void whatACrashLeftUnfinishedIsInNobodysWay() throws IOException {
        Path unfinished = Files.writeString(directory.resolve(".kpatch-unfinished-a.ko"), "half");
        assertTrue(DurableFile.isUnfinished(String.valueOf(unfinished.getFileName())));
        assertFalse(DurableFile.isUnfinished("a.ko"));
        DurableFile.write(directory.resolve("a.ko"), new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(directory.resolve("a.ko")));
        assertEquals(List.of("a.ko"), names());
    }

    @Test
    void aFailureLeavesNothingBehind() throws IOException {
        Files.createDirectories(directory.resolve("a.ko/full"));
        assertThrows(IOException.class, () -> DurableFile.write(directory.resolve("a.ko"), new byte[10]));
        assertEquals(List.of("a.ko"), names());
    }

    @Test
    void aFileThatWouldGetTooBigLeavesNothingBehind() throws Exception {
        // a limit of the process stands for a full disk: the write fails in its middle just the same
        ChildJvm child = ChildJvm.withFileSizeLimit(64, Writer.class, directory.resolve("a.ko"));
        assertEquals("failed", child.output());
        assertEquals(List.of(), names());
    }

    /** The child process: writes a file that is bigger than it may be. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            try {
                DurableFile.write(Path.of(arguments[0]), new byte[1 << 20]);
                ChildJvm.say("written");
            } catch (IOException e) {
                ChildJvm.say("failed");
            }
        }
    }
}
