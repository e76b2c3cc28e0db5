// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

class SystemProgramsTest {
    @TempDir
    private Path directory = Path.of("");

    private SystemPrograms programs(String script) throws IOException {
        Path program = Files.writeString(directory.resolve("program"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new SystemPrograms(List.of(directory), NOPLogger.NOP_LOGGER);
    }

    @Test
    void aProgramIsFoundInTheDirectoriesOnly() throws IOException {
        SystemPrograms programs = programs("echo \"$@\"; exit 3");
        assertTrue(programs.has("program"));
        assertFalse(programs.has("sh"));
        assertEquals(Optional.empty(), programs.run("sh", "-c", "exit 0"));
        assertEquals(Optional.of(new Programs.Outcome(3, "a b")), programs.run("program", "a", "b"));
    }

    @Test
    void aTalkativeProgramIsHeardToItsEnd() throws IOException {
        Programs.Outcome outcome = programs(
                        "yes 'a line of a long story' | head -c 300000; echo; echo 'the end'; exit 4")
                .run("program")
                .orElseThrow();
        assertEquals(4, outcome.status());
        assertTrue(outcome.output().endsWith("\nthe end"), outcome.output());
    }
}
