// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.testing.fault.Fault;
import io.github.kpatch.testing.fault.FaultyProcess;
import io.github.kpatch.testing.fault.Steps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final String PATCH = """
            --- a/fs/a.c
            +++ b/fs/a.c
            @@ -1 +1 @@
            -a
            +b
            --- /dev/null
            +++ b/fs/new/deep/new.c
            @@ -0,0 +1 @@
            +new
            --- a/fs/gone.c
            +++ /dev/null
            @@ -1 +0,0 @@
            -gone
            """;

    private final Path tree;
    private final Path restore;

    JournalTest(@TempDir Path directory) throws IOException {
        tree = Files.createDirectories(directory.resolve("tree"));
        restore = directory.resolve("restore");
        Files.createDirectories(tree.resolve("fs"));
        file("fs/a.c", "a\n", "rw-r-----");
        file("fs/gone.c", "gone\n", "rwxr-xr-x");
    }

    private void file(String name, String content, String permissions) throws IOException {
        Path file = Files.writeString(tree.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-01-02T03:04:05.123456Z")));
    }

    /** All that there is in a directory: of files their permissions, times and contents. */
    private static Map<String, String> state(Path directory) throws IOException {
        Map<String, String> state = new TreeMap<>();
        if (Files.notExists(directory)) {
            return state;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(path -> !path.equals(directory)).toList()) {
                boolean regular = Files.isRegularFile(file);
                state.put(
                        directory.relativize(file).toString(),
                        regular
                                ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                                        + Files.getLastModifiedTime(file)
                                        + Files.readString(file)
                                : "");
            }
        }
        return state;
    }

    private static void patch(Path tree, Path restore) {
        SourcePatch patch = SourcePatch.parse("fix.patch", PATCH.getBytes(StandardCharsets.ISO_8859_1));
        new Journal(tree, restore).apply(PatchPlan.of(tree, List.of(patch)));
    }

    @Test
    void whatWasPatchedIsTakenBackToTheLastByteAndTime() throws IOException {
        Map<String, String> before = state(tree);
        patch(tree, restore);
        assertEquals("b\n", Files.readString(tree.resolve("fs/a.c")));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("fs/a.c"))));
        Journal journal = new Journal(tree, restore);
        assertTrue(journal.takeBack());
        assertEquals(before, state(tree));
        assertFalse(journal.takeBack());
        assertEquals(before, state(tree));
        assertEquals(Map.of(), state(restore));
    }

    @Test
    void aTreeIsNotPatchedOnTopOfWhatIsNotTakenBack() {
        patch(tree, restore);
        SourcePatch more = SourcePatch.parse(
                "b", "--- a/fs/a.c\n+++ b/fs/a.c\n@@ -1 +1 @@\n-b\n+c\n".getBytes(StandardCharsets.ISO_8859_1));
        PatchPlan plan = PatchPlan.of(tree, List.of(more));
        Journal journal = new Journal(tree, restore);
        KpatchException refusal = assertThrows(KpatchException.class, () -> journal.apply(plan));
        assertTrue(refusal.sentence().endsWith("is patched already; take that back first"), refusal.sentence());
    }

    @Test
    void aFileThatSharesItsBytesWithAnotherTreeIsReplaced() throws IOException {
        Path other = Files.createLink(tree.resolve("../mine.c"), tree.resolve("fs/a.c"));
        patch(tree, restore);
        assertEquals("a\n", Files.readString(other));
    }

    @Test
    void whatABuildLeftInANewDirectoryKeepsIt() throws IOException {
        patch(tree, restore);
        Files.writeString(tree.resolve("fs/new/deep/new.o"), "");
        new Journal(tree, restore).takeBack();
        assertEquals(
                List.of("fs", "fs/a.c", "fs/gone.c", "fs/new", "fs/new/deep", "fs/new/deep/new.o"),
                List.copyOf(state(tree).keySet()));
    }

    @Test
    void whereTheTreeIsGoneThereIsNothingToTakeBack() throws IOException {
        patch(tree, restore);
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
        assertTrue(new Journal(tree, restore).takeBack());
        assertEquals(Map.of(), state(restore));
        assertEquals(Map.of(), state(tree));
    }

    @Test
    void aDamagedJournalIsSaidToBe() throws IOException {
        for (String text : List.of("", "kpatch source journal 1\nfile 0 rw x y\n", "kpatch source journal 2\n")) {
            Files.writeString(Files.createDirectories(restore).resolve("journal"), text);
            Journal journal = new Journal(tree, restore);
            KpatchException failure = assertThrows(KpatchException.class, journal::takeBack);
            assertTrue(failure.sentence().contains("is damaged"), failure.sentence());
        }
    }

    @Test
    void aProcessKilledAtAnyStepLeavesATreeThatIsHadBack() throws IOException {
        Map<String, String> before = state(tree);
        patch(tree, restore);
        Map<String, String> patched = state(tree);
        assertFalse(before.equals(patched));
        new Journal(tree, restore).takeBack();
        int steps = stepsOfAll();
        assertTrue(steps > 100, () -> steps + " steps");
        for (int step = 0; step < steps; step++) {
            FaultyProcess process = new FaultyProcess(Steps.failing(step, Fault.KILL));
            process.run(() -> patchAndTakeBack(process));
            new Journal(tree, restore).takeBack();
            assertEquals(before, state(tree), "killed at step " + step);
            assertEquals(Map.of(), state(restore), "killed at step " + step);
        }
    }

    @Test
    void aProcessKilledAgainInTheMidstOfTakingBackLeavesItToTheNext() throws IOException {
        Map<String, String> before = state(tree);
        for (int step = 0; ; step++) {
            patch(tree, restore);
            FaultyProcess process = new FaultyProcess(Steps.failing(step, Fault.KILL));
            boolean killed = process.run(() -> journal(process).takeBack());
            new Journal(tree, restore).takeBack();
            assertEquals(before, state(tree), "killed at step " + step);
            if (!killed) {
                assertTrue(step > 30, "only " + step + " steps");
                return;
            }
        }
    }

    @Test
    void aStepThatFailsIsSaidAndTheTreeIsHadBack() throws IOException {
        Map<String, String> before = state(tree);
        int steps = stepsOfAll();
        for (int step = 0; step < steps; step++) {
            FaultyProcess process = new FaultyProcess(Steps.failing(step, Fault.ENOSPC));
            String where = "step " + step;
            try {
                process.run(() -> patchAndTakeBack(process));
            } catch (KpatchException e) {
                assertTrue(e.sentence().contains("No space left on device"), where + ": " + e.sentence());
            }
            new Journal(tree, restore).takeBack();
            assertEquals(before, state(tree), where);
        }
    }

    private Journal journal(FaultyProcess process) {
        return new Journal(process.path(tree), process.path(restore));
    }

    private void patchAndTakeBack(FaultyProcess process) {
        patch(process.path(tree), process.path(restore));
        journal(process).takeBack();
    }

    private int stepsOfAll() throws IOException {
        Steps steps = Steps.unharmed();
        FaultyProcess process = new FaultyProcess(steps);
        process.run(() -> patchAndTakeBack(process));
        return steps.taken().size();
    }
}
