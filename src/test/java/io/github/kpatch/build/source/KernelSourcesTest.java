// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.testing.FakeBuildProgress;
import io.github.kpatch.testing.FakeTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSourcesTest {
    private static final String BANNER = "Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian"
            + " 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian"
            + " 6.1.192-2 (2026-11-16)";

    private final Path home;
    private final Roots roots;
    private final FakeTools tools = new FakeTools();
    private final FakeBuildProgress progress = new FakeBuildProgress();
    private String unpackedVersion = "192";
    private String installed = "6.1.192-2";

    KernelSourcesTest(@TempDir Path directory) throws IOException {
        home = directory.resolve("home");
        Files.createDirectories(home);
        roots = new Roots(directory.resolve("root"));
        Files.createDirectories(roots.root().resolve("usr/src"));
        tools.has("tar", this::tar);
        tools.has("dpkg-query", (command, where, line) -> {
            line.accept("ii " + installed);
            return 0;
        });
    }

    private int tar(List<String> command, Path where, Consumer<String> line) {
        makefile(Path.of(command.get(command.indexOf("-C") + 1)), unpackedVersion);
        line.accept("checkpoint");
        return 0;
    }

    private static void makefile(Path tree, String sublevel) {
        Disk.write(tree.resolve("Makefile"), "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = " + sublevel + "\n");
    }

    private Path prepare(Origin origin) {
        TargetKernel kernel = new TargetKernel(roots, "6.1.0-56-amd64", Optional.of(BANNER));
        return new KernelSources(roots, tools, progress, line -> {}).prepare(origin, kernel, home);
    }

    private KpatchException refusal(Origin origin) {
        return assertThrows(KpatchException.class, () -> prepare(origin));
    }

    private void archive() {
        Disk.write(roots.root().resolve("usr/src/linux-source-6.1.tar.xz"), "archive");
    }

    @Test
    void theDistributionsArchiveIsUnpackedOnce() {
        archive();
        Path tree = prepare(new Origin.Distribution());
        assertTrue(Files.exists(tree.resolve("Makefile")));
        prepare(new Origin.Distribution());
        assertEquals(List.of("unpacking " + roots.root().resolve("usr/src/linux-source-6.1.tar.xz")), progress.steps);
    }

    @Test
    void aTreeThatWasNotUnpackedToItsEndIsUnpackedAnew() {
        archive();
        prepare(new Origin.Distribution());
        Disk.remove(home.resolve("source"));
        Disk.write(home.resolve("tree/half"), "a file");
        Path tree = prepare(new Origin.Distribution());
        assertFalse(Files.exists(tree.resolve("half")));
        assertEquals(2, progress.steps.size());
    }

    @Test
    void anArchiveThatDoesNotUnpackLeavesNoStamp() {
        archive();
        tools.has("tar", 2, "tar: No space left on device");
        assertTrue(refusal(new Origin.Distribution()).sentence().contains("is the disk full?"));
        assertFalse(Files.exists(home.resolve("source")));
    }

    @Test
    void whatIsNotInstalledIsFetchedInTheVersionOfTheKernelsPackage() {
        tools.has("apt-get", (command, where, line) -> {
            Disk.write(where.resolve("linux-source-6.1_6.1.192-2_all.deb"), "package");
            return 0;
        });
        tools.has("dpkg-deb", (command, where, line) -> {
            Disk.write(where.resolve("usr/src/linux-source-6.1.tar.xz"), "archive");
            return 0;
        });
        prepare(new Origin.Distribution());
        assertTrue(tools.runs().contains("apt-get download linux-source-6.1=6.1.192-2"), tools.runs()::toString);
        assertFalse(Files.exists(home.resolve("download")), "the archive takes 140 MB");
    }

    @Test
    void anInstalledArchiveOfAnotherVersionIsNotTaken() {
        archive();
        installed = "6.1.187-1";
        assertEquals(
                "the sources of kernel 6.1.192-2 are not here, and could not be fetched; install linux-source-6.1 of"
                        + " version 6.1.192-2, or name a directory by --sourcedir",
                refusal(new Origin.Distribution()).sentence());
    }

    @Test
    void aDirectoryIsCopiedAndKeptUpToDate() throws IOException {
        Path theirs = Files.createDirectories(home.resolveSibling("theirs"));
        makefile(theirs, "192");
        Path tree = prepare(new Origin.Directory(theirs));
        Disk.write(theirs.resolve("a.c"), "int a;");
        prepare(new Origin.Directory(theirs));
        assertEquals("int a;", Disk.text(tree.resolve("a.c")));
        assertEquals(List.of("copying " + theirs), progress.steps);
    }

    @Test
    void sourcesOfAnotherKernelAreRefused() throws IOException {
        Path theirs = Files.createDirectories(home.resolveSibling("theirs"));
        makefile(theirs, "187");
        KpatchException refusal = refusal(new Origin.Directory(theirs));
        assertEquals(Failure.REFUSED, refusal.kind());
        assertEquals(
                "the sources are those of kernel 6.1.187, and 6.1.0-56-amd64 is 6.1.192; take the sources that it was"
                        + " built of",
                refusal.sentence());
    }

    @Test
    void aDirectoryThatIsNoKernelIsRefused() {
        assertEquals(
                home + ": is no kernel source tree, as its Makefile has no version",
                refusal(new Origin.Directory(home)).sentence());
    }

    @Test
    void aSourceRpmIsUnpackedByWhatIsHere() {
        Path rpm = home.resolve("kernel.src.rpm");
        Disk.write(rpm, "package");
        tools.has("bsdtar", (command, where, line) -> {
            Disk.write(where.resolve("linux-6.1.192.tar.xz"), "archive");
            Disk.write(where.resolve("patch-6.1-redhat.patch"), "a patch");
            return 0;
        });
        tools.has("tar", (command, where, line) -> {
            makefile(where, "192");
            return 0;
        });
        tools.has("patch", 0);
        prepare(new Origin.Rpm(rpm));
        assertTrue(
                tools.runs().stream().anyMatch(run -> run.startsWith("patch -p1 --batch -i ")), tools.runs()::toString);
        assertFalse(Files.exists(home.resolve("rpm")));
    }

    @Test
    void whereRpmbuildIsItPreparesTheSourcesAsThePackageSays() {
        Path rpm = home.resolve("kernel.src.rpm");
        Disk.write(rpm, "package");
        tools.has("bsdtar", (command, where, line) -> {
            Disk.write(where.resolve("kernel.spec"), "spec");
            return 0;
        });
        tools.has("rpmbuild", (command, where, line) -> {
            makefile(where.resolve("BUILD/kernel-6.1-build/kernel-6.1/linux-6.1"), "192");
            return 0;
        });
        Path tree = prepare(new Origin.Rpm(rpm));
        assertTrue(Disk.text(tree.resolve("Makefile")).contains("SUBLEVEL = 192"));
    }

    @Test
    void withoutWhatUnpacksAnRpmTheSentenceNamesIt() {
        Path rpm = home.resolve("kernel.src.rpm");
        Disk.write(rpm, "package");
        assertEquals(
                rpm + ": there is neither bsdtar nor rpm2cpio with cpio to unpack it; install one of them",
                refusal(new Origin.Rpm(rpm)).sentence());
    }
}
