// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever diff(1) makes of two files, and whatever has become of the first one since: patch(1) agrees. */
class PatchProgramTest {
    private static final int CASES = 400;

    private final Random random = new Random(20260101);
    private final Path ours;
    private final Path theirs;
    private final Path directory;

    PatchProgramTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        ours = Files.createDirectory(directory.resolve("ours"));
        theirs = Files.createDirectory(directory.resolve("theirs"));
    }

    @Test
    void thePatchProgramAgrees() throws Exception {
        int applied = 0;
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            List<String> old = lines(random.nextInt(40));
            List<String> changed = edited(old, 1 + random.nextInt(6));
            List<String> found = random.nextInt(3) == 0 ? old : edited(old, random.nextInt(8));
            String diff = diff(text(old), text(changed), random.nextInt(5));
            if (diff.isEmpty()) {
                continue;
            }
            String content = text(found);
            Optional<String> expected = theirs(diff, content);
            Optional<String> actual = ours(content);
            if (expected.isPresent() && actual.isEmpty() && fitsAnywhere(diff)) {
                continue;
            }
            assertEquals(expected, actual, "case " + i + ", found:\n" + content + "\ndiff:\n" + diff);
            applied += expected.isPresent() ? 1 : 0;
            refused += expected.isPresent() ? 0 : 1;
        }
        String count = applied + " applied, " + refused + " refused";
        assertTrue(applied > CASES / 4 && refused > CASES / 10, count);
    }

    /** Whether patch(1) leaves out all lines by which it could look for a hunk, and then takes any place for its own. */
    private static boolean fitsAnywhere(String diff) {
        return SourcePatch.parse("", diff.getBytes(StandardCharsets.UTF_8)).files().get(0).hunks().stream()
                .anyMatch(hunk -> hunk.edits().stream().noneMatch(edit -> edit.kind() == Hunk.Kind.REMOVED)
                        && Math.max(hunk.contextBefore(), hunk.contextAfter()) <= 2);
    }

    /** Few different lines, so that hunks fit at many places. */
    private List<String> lines(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(line());
        }
        return lines;
    }

    private String line() {
        return random.nextInt(3) == 0 ? "}" : "line " + random.nextInt(12);
    }

    private List<String> edited(List<String> lines, int edits) {
        List<String> edited = new ArrayList<>(lines);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(edited.size() + 1);
            int end = Math.min(edited.size(), at + random.nextInt(3));
            edited.subList(at, end).clear();
            edited.addAll(at, lines(random.nextInt(3)));
        }
        return edited;
    }

    private String text(List<String> lines) {
        String text = String.join("\n", lines);
        return text.isEmpty() || random.nextInt(8) == 0 ? text : text + "\n";
    }

    private String diff(String old, String changed, int context) throws Exception {
        Files.writeString(directory.resolve("old"), old);
        Files.writeString(directory.resolve("new"), changed);
        run(directory, "diff", "-U" + context, "--label=a/f.c", "--label=b/f.c", "old", "new");
        return Files.readString(directory.resolve("output"));
    }

    private Optional<String> theirs(String diff, String content) throws Exception {
        Path file = Files.writeString(theirs.resolve("f.c"), content);
        Path patch = Files.writeString(directory.resolve("patch"), diff);
        int status =
                run(theirs, "patch", "-p1", "--force", "--no-backup-if-mismatch", "-r", "-", "-i", patch.toString());
        return status != 0 ? Optional.empty() : Optional.of(Files.exists(file) ? Files.readString(file) : "");
    }

    private Optional<String> ours(String content) throws IOException {
        Path file = Files.writeString(ours.resolve("f.c"), content);
        Journal journal = new Journal(ours, directory.resolve("restore"));
        try {
            journal.apply(PatchPlan.of(ours, List.of(SourcePatch.read(directory.resolve("patch")))));
        } catch (KpatchException e) {
            assertEquals(content, Files.readString(file));
            return Optional.empty();
        }
        String result = Files.exists(file) ? Files.readString(file) : "";
        journal.takeBack();
        assertEquals(content, Files.readString(file));
        return Optional.of(result);
    }

    private int run(Path where, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        process.getOutputStream().close();
        return process.waitFor();
    }
}
