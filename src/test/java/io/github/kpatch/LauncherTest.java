// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script that users call, with programs in Java's place that say how they were called. */
class LauncherTest {
    private final Path directory;
    private final Path launcher;

    LauncherTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.launcher = directory.resolve("usr/sbin/kpatch");
        Files.createDirectories(directory.resolve("usr/sbin"));
        Files.createDirectories(directory.resolve("usr/lib/kpatch"));
        Files.copy(Path.of("src/main/dist/sbin/kpatch"), launcher);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A runtime of some version, which prints a word and its last arguments. */
    private Path runtime(Path home, String version, String word) throws IOException {
        Path java = home.resolve("bin/java");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(java, "#!/bin/sh\necho " + word + "\nwhile [ $# -gt 2 ]; do shift; done\necho \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"us\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private Outcome run(Map<String, String> variables, List<String> command) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().putAll(variables);
        int status = builder.start().waitFor();
        return new Outcome(
                Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8), status);
    }

    private Outcome run(Map<String, String> variables, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return run(variables, command);
    }

    @Test
    void theRuntimeThatCameAlongIsUsedWhateverJavaHomeSays() throws Exception {
        runtime(directory.resolve("usr/lib/kpatch/runtime"), "25", "bundled");
        Path other = runtime(directory.resolve("other"), "21.0.1", "other");
        run(Map.of("JAVA_HOME", other.toString()), "load", "a b").succeeds().prints("bundled", "load a b");
    }

    @Test
    void theLauncherFindsItsOwnThroughALink() throws Exception {
        runtime(directory.resolve("usr/lib/kpatch/runtime"), "25", "bundled");
        Path link = Files.createSymbolicLink(directory.resolve("link"), launcher);
        run(Map.of(), List.of(link.toString(), "x", "list")).succeeds().prints("bundled", "x list");
    }

    @Test
    void javaHomeIsUsedIfItIsNewEnough() throws Exception {
        Path home = runtime(directory.resolve("home"), "17.0.15", "seventeen");
        run(Map.of("JAVA_HOME", home.toString()), "x", "list").succeeds().prints("seventeen", "x list");
        runtime(home, "26-ea", "twenty-six");
        run(Map.of("JAVA_HOME", home.toString()), "x", "list").succeeds().prints("twenty-six", "x list");
    }

    @Test
    void aJavaThatIsTooOldIsPassedOver() throws Exception {
        Path home = runtime(directory.resolve("home"), "1.8.0_402", "eight");
        Outcome outcome = run(Map.of("JAVA_HOME", home.toString()), "--version");
        assertTrue(!outcome.stdout().contains("eight"), outcome::toString); // it took the machine's own instead
    }

    @Test
    void optionsForOtherJavaProgramsAreNotTaken() throws Exception {
        Path home = runtime(directory.resolve("usr/lib/kpatch/runtime"), "25", "bundled");
        Files.writeString(
                home.resolve("bin/java"), "#!/bin/sh\necho \"[$JAVA_TOOL_OPTIONS$_JAVA_OPTIONS$JDK_JAVA_OPTIONS]\"\n");
        run(Map.of("JAVA_TOOL_OPTIONS", "-Da=b", "_JAVA_OPTIONS", "-Dc=d", "JDK_JAVA_OPTIONS", "-De=f"), "list")
                .succeeds()
                .prints("[]");
    }

    /** What makes the class archive, in this test: it notes that it was called, and how. */
    private void classArchive(String script) throws IOException {
        Path file = directory.resolve("usr/lib/kpatch/class-archive");
        Files.writeString(file, "#!/bin/sh\ncd \"${0%/*}\" && echo made >>calls\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String archiveOption() throws Exception {
        Path home = runtime(directory.resolve("usr/lib/kpatch/runtime"), "25", "bundled");
        Files.writeString(
                home.resolve("bin/java"),
                "#!/bin/sh\nfor word; do case $word in *SharedArchiveFile*) echo ${word##*/};; esac; done\n");
        return run(Map.of(), "list").succeeds().stdout().strip();
    }

    private List<String> calls() throws IOException {
        Path calls = directory.resolve("usr/lib/kpatch/calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void theFirstRunOfWhoOwnsTheProgramMakesTheClassArchive() throws Exception {
        classArchive("echo archive >kpatch.jsa");
        assertEquals("kpatch.jsa", archiveOption());
        assertEquals("kpatch.jsa", archiveOption());
        assertEquals(List.of("made"), calls());
    }

    @Test
    void aClassArchiveThatCannotBeMadeIsTriedOnce() throws Exception {
        classArchive("echo no >&2; exit 1");
        assertEquals("", archiveOption());
        assertEquals("", archiveOption());
        assertEquals(List.of("made"), calls());
    }

    @Test
    void whatMakesTheClassArchiveIsNotCalledByItself() throws Exception {
        classArchive("KPATCH_JAVA_OPTIONS=-Xshare:dump ../../sbin/kpatch && echo archive >kpatch.jsa");
        assertEquals("kpatch.jsa", archiveOption());
        assertEquals(List.of("made"), calls());
    }

    @Test
    void aDirectoryThatIsGoneIsTold() throws Exception {
        runtime(directory.resolve("usr/lib/kpatch/runtime"), "25", "bundled");
        Path gone = Files.createDirectory(directory.resolve("gone"));
        Outcome outcome = run(
                Map.of(),
                List.of("sh", "-c", "cd \"$1\" && rmdir \"$1\" && exec \"$2\" list", "sh", "" + gone, "" + launcher));
        assertEquals(1, outcome.status(), outcome::toString);
        outcome.prints().mentions("kpatch: the current directory is gone; change to one that is there\n");
    }

    @Test
    void kpatchBuildIsStartedByTheSameLauncherWithMoreMemory() throws Exception {
        Path java = runtime(directory.resolve("usr/lib/kpatch/runtime"), "25", "bundled")
                .resolve("bin/java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\" \"${KPATCH_STARTS_BUILD-unset}\"\n");
        Path build = directory.resolve("usr/bin/kpatch-build");
        Files.createDirectories(directory.resolve("usr/bin"));
        Files.copy(Path.of("src/main/dist/bin/kpatch-build"), build);
        Files.setPosixFilePermissions(build, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), build);
        Outcome outcome = run(Map.of(), List.of(link.toString(), "a b.patch")).succeeds();
        outcome.printsAmongOthers("-Dkpatch.build=true", "-Xmx512m", "a b.patch", "unset");
        assertTrue(!run(Map.of(), "list").stdout().contains("kpatch.build"), outcome::toString);
    }
}
