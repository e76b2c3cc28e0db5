// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeCompression;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstallTest {
    private final FakeMachine machine;

    InstallTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
        machine.path().has("systemctl", 0, "");
    }

    private static final String VERSION = FakeKernel.VERSION;

    @Test
    void installCopiesTheFile() throws IOException {
        Path file = machine.file(patchModule("kpt-a"));
        machine.run("install", file).succeeds().prints("installing " + file + " (" + VERSION + ")");
        Path copy = machine.db(VERSION).resolve("kpt-a.ko");
        assertEquals(-1, Files.mismatch(file, copy));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        assertEquals(
                List.of("installed patch module kpt_a for kernel " + VERSION),
                machine.dmesg().records());
    }

    @Test
    void theSameBytesAgainAreSuccess() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("install", file).succeeds();
        machine.run("install", file).succeeds().prints("kpt_a is already installed for kernel " + VERSION);
        machine.run("uninstall", "kpt_a").succeeds();
        assertEquals(
                List.of(
                        "installed patch module kpt_a for kernel " + VERSION,
                        "uninstalled patch module kpt_a for kernel " + VERSION),
                machine.dmesg().records());
    }

    @Test
    void aDryRunTellsWhatInstallWouldDoAndTouchesNothing() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("install", "--dry-run", file).succeeds().prints("kpt_a would be installed for kernel " + VERSION);
        assertFalse(Files.exists(machine.db(VERSION).getParent()));

        machine.run("install", file).succeeds();
        machine.run("install", "--dry-run", file).succeeds().prints("kpt_a is already installed for kernel " + VERSION);
        machine.file(patchModule("kpt_a").field("version", "2"));
        machine.run("install", "--dry-run", file).failsWith(4, "another patch module named kpt_a is installed");
        machine.run("install", "--dry-run", "-k", "1.2.3", file).failsWith(4, "and the wanted kernel is 1.2.3");
        machine.run("install", "--dry-run", "--early", file).failsWith(2, "exclude each other");
    }

    @Test
    void theSameModuleUnderAnotherFileNameIsInstalledToo() throws IOException {
        machine.run("install", machine.file(patchModule("kpt_a"))).succeeds();
        Path renamed = patchModule("kpt_a").writeAs(machine.home().resolve("kpt-a-new.ko"));
        machine.run("install", renamed).succeeds().prints("installing " + renamed + " (" + VERSION + ")");
        machine.run("uninstall", "kpt_a.ko").succeeds();
        machine.run("info", "kpt-a-new").succeeds();
    }

    @Test
    void otherBytesOfTheSameNameAreRefused() throws IOException {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("install", file).succeeds();
        byte[] before = Files.readAllBytes(file);
        machine.run("install", machine.file(patchModule("kpt_a").field("version", "2")))
                .failsWith(4, "another patch module named kpt_a is installed", "uninstall that first");
        assertTrue(Arrays.equals(before, Files.readAllBytes(machine.db(VERSION).resolve("kpt_a.ko"))));
    }

    @Test
    void aFileNameThatIsTakenByAnotherModuleIsRefused() {
        machine.installed(patchModule("kpt_a"));
        Path file = patchModule("kpt_b").writeAs(machine.home().resolve("kpt_a.ko"));
        machine.run("install", file)
                .failsWith(4, "kpt_a.ko: another file of that name is installed")
                .prints();
    }

    @Test
    void aModuleForAnotherKernelIsRefusedNamingBoth() {
        Path file = machine.file(patchModule("kpt_a").vermagic("5.10.0 SMP"));
        machine.run("install", file).failsWith(4, "is built for kernel 5.10.0", "kernel is " + VERSION);
        machine.run("install", "-k", "5.4.0", file).failsWith(4, "kernel 5.10.0", "the wanted kernel is 5.4.0");
        machine.run("load", file).failsWith(4, "kernel 5.10.0", "the running kernel is " + VERSION);
        assertFalse(Files.exists(machine.roots().installDb()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-k 5.10.0", "-k=5.10.0", "-k5.10.0", "--kernel-version=5.10.0", "--kernel-version 5.10.0"})
    void aModuleIsInstalledForAnotherKernel(String option) {
        Path file = machine.file(patchModule("kpt_a").vermagic("5.10.0 SMP"));
        List<Object> words = new ArrayList<>(List.of("install"));
        words.addAll(List.of(option.split(" ")));
        words.add(file);
        machine.run(words.toArray()).succeeds().prints("installing " + file + " (5.10.0)");
        assertTrue(Files.exists(machine.db("5.10.0").resolve("kpt_a.ko")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../6.1", "..", "a/b", "a b", "a\nb"})
    void whatIsNoKernelVersionIsRefused(String version) {
        Path file = machine.file(patchModule("kpt_a").vermagic(version + " SMP"));
        machine.run("install", "-k", version, file).failsWith(4);
        machine.run("uninstall", "-k", version, "kpt_a").failsWith(4, "is no kernel version");
        assertFalse(Files.exists(machine.roots().installDb()));
    }

    @Test
    void anotherRootGetsWhatItsKernelNeeds() throws IOException {
        Path image = machine.home().resolve("image");
        machine.run("install", "--root", image, machine.file(patchModule("kpt_b")))
                .failsWith(4, image + ": is no directory that could be another root");
        Files.createDirectory(image);
        Path file = machine.file(patchModule("kpt_a").vermagic("5.10.0 SMP"));
        machine.run("install", "--root", image, file).succeeds().prints("installing " + file + " (5.10.0)");
        Path copy = image.resolve("var/lib/kpatch/5.10.0/kpt_a.ko");
        assertTrue(Files.exists(copy));
        assertEquals(List.of(), machine.path().runs());
        assertEquals(List.of(), machine.dmesg().records());
        machine.run("info", "--root", image, "kpt_a").succeeds().printsAmongOthers("vermagic:       5.10.0 SMP");
        machine.run("uninstall", "--root", image, "kpt_a").succeeds().prints("uninstalling kpt_a (5.10.0)");
        assertFalse(Files.exists(copy.getParent()));
    }

    @Test
    void underAnotherRootAModuleOfSeveralKernelsIsUninstalledOnlyForANamedOne() throws IOException {
        Path image = Files.createDirectory(machine.home().resolve("image"));
        for (String version : List.of("5.9.0", "5.10.0")) {
            machine.run(
                            "install",
                            "--root",
                            image,
                            machine.file(patchModule("kpt_a").vermagic(version + " SMP")))
                    .succeeds();
        }
        machine.run("uninstall", "--root", image, "kpt_a").failsWith(4, "is installed for 2 kernels; say with -k");
        machine.run("uninstall", "--root", image, "-k", "5.9.0", "kpt_a").succeeds();
        machine.run("uninstall", "--root", image, "kpt_a").succeeds().prints("uninstalling kpt_a (5.10.0)");
        machine.run("uninstall", "--root", image, "kpt_a").failsWith(3);
    }

    @Test
    void anOptionWithoutAValueIsAWrongCommandLine() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("install", "-k", "", file).failsWith(2, "--kernel-version needs a value");
        machine.run("install", "--root", "", file).failsWith(2, "--root needs a value");
        machine.run("list", "--root=").failsWith(2, "--root needs a value");
        assertFalse(Files.exists(machine.roots().installDb()));
    }

    @Test
    void aDbThatOthersMayWriteToIsUnsafe() throws IOException {
        Path file = machine.installed(patchModule("kpt_a"));
        Path other = machine.file(patchModule("kpt_b"));
        for (Path path : List.of(machine.roots().installDb(), machine.db(VERSION))) {
            var usual = Files.getPosixFilePermissions(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
            machine.run("install", other).failsWith(4, path + ": others than its owner may write to it", "chmod go-w");
            machine.run("load", "kpt_a").failsWith(4, "others than its owner may write to it");
            machine.run("load", file).failsWith(4, "others than its owner may write to it");
            machine.run("load", "--all").failsWith(4, "others than its owner may write to it");
            Files.setPosixFilePermissions(path, usual);
        }
        assertEquals(List.of(), machine.kernel().calls());
        machine.run("load", "--all").succeeds();
    }

    @Test
    void aFileInTheDbThatOthersMayWriteToIsNotLoadedAndKeepsNoOtherBack() throws IOException {
        Path file = machine.installed(patchModule("kpt_a"));
        machine.installed(patchModule("kpt_b"));
        Files.createSymbolicLink(machine.db(VERSION).resolve("loop.ko"), Path.of("loop.ko"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        machine.run("load", "kpt_a").failsWith(4, file + ": others than its owner may write to it", "chmod go-w");
        machine.run("load", "--all")
                .endsWith(1)
                .mentions("kpt_a.ko: others than its owner", "2 of 3 patch modules could not be loaded");
        assertEquals(List.of("kpt_b"), machine.kernel().enabled());
    }

    @Test
    void anotherRootsLinksDoNotLeadOutOfIt() throws IOException {
        Path image = Files.createDirectories(machine.home().resolve("image"));
        Path outside = Files.createDirectories(machine.home().resolve("outside"));
        Files.createDirectories(image.resolve("var/lib"));
        Files.createSymbolicLink(image.resolve("var/lib/kpatch"), outside);
        machine.run("install", "--root", image, machine.file(patchModule("kpt_a")))
                .failsWith(4, "leads out of " + image);
        try (var files = Files.list(outside)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void anImageIsMadeWhereNoKernelsVersionIsToBeHad() throws IOException {
        Files.delete(machine.roots().proc().resolve("sys/kernel/osrelease"));
        Path image = Files.createDirectories(machine.home().resolve("image"));
        machine.run("install", "--root", image, machine.file(patchModule("kpt_a")))
                .succeeds();
        machine.run("list", "--root", image).succeeds().printsAmongOthers("kpt_a (" + VERSION + ")");
    }

    @Test
    void whatACrashLeftIsCleanedByTheNextRun() throws IOException {
        machine.installed(patchModule("kpt_a"));
        Path leftover = machine.db(VERSION).resolve(".kpatch-unfinished-kpt_b.ko");
        Files.write(leftover, Arrays.copyOf(patchModule("kpt_b").bytes(), 700));
        machine.run("list").succeeds().printsAmongOthers("kpt_a (" + VERSION + ")");
        machine.run("install", machine.file(patchModule("kpt_b"))).succeeds();
        assertFalse(Files.exists(leftover));
        Files.writeString(leftover, "half");
        machine.run("load", "--all").succeeds();
        assertEquals(List.of("kpt_a", "kpt_b"), machine.kernel().loaded());
        assertFalse(Files.exists(leftover));
    }

    @Test
    void uninstallCleansWhatACrashLeftAndRemovesTheDirectory() throws IOException {
        machine.installed(patchModule("kpt_a"));
        Files.writeString(machine.db(VERSION).resolve(".kpatch-unfinished-kpt_b.ko"), "half");
        machine.run("uninstall", "kpt_a").succeeds().prints("uninstalling kpt_a (" + VERSION + ")");
        assertFalse(Files.exists(machine.db(VERSION)));
    }

    @Test
    void uninstallLeavesADirectoryThatIsNotEmpty() {
        machine.installed(patchModule("kpt_a"));
        machine.installed(patchModule("kpt_b"));
        machine.run("uninstall", "kpt_a").succeeds();
        assertTrue(Files.exists(machine.db(VERSION).resolve("kpt_b.ko")));
    }

    @Test
    void theBootServiceIsEnabled() {
        machine.run("install", machine.file(patchModule("kpt_a"))).succeeds();
        assertEquals(List.of("systemctl enable kpatch.service"), machine.path().runs());
    }

    @Test
    void aServiceThatCannotBeEnabledIsNoFailure(@TempDir Path other) {
        FakeMachine bare = new FakeMachine(other);
        Path file = bare.file(patchModule("kpt_a"));
        bare.run("install", file)
                .endsWith(0)
                .printsAmongOthers(
                        "kpatch.service could not be enabled (systemctl is not installed); without it nothing"
                                + " is loaded at boot");
        bare.path().has("systemctl", 1, "Unit is masked.");
        bare.run("install", file)
                .endsWith(0)
                .printsAmongOthers("kpatch.service could not be enabled (Unit is masked.); without it nothing is loaded"
                        + " at boot");
    }

    @Test
    void theCopyGetsItsLabelWhereSelinuxIs() {
        machine.put("sys/fs/selinux/enforce", "1");
        machine.path().has("restorecon", 0, "");
        machine.run("install", machine.file(patchModule("kpt_a"))).succeeds();
        assertEquals(
                List.of("restorecon " + machine.db(VERSION).resolve("kpt_a.ko"), "systemctl enable kpatch.service"),
                machine.path().runs());
    }

    @Test
    void aLabelThatCannotBeGivenIsNoFailure() {
        machine.put("sys/fs/selinux/enforce", "1");
        Outcome outcome =
                machine.run("install", machine.file(patchModule("kpt_a"))).endsWith(0);
        assertTrue(outcome.stdout().contains("chcon -t modules_object_t"), outcome::toString);
    }

    @Test
    void aCompressedFileIsInstalledUnpacked() throws IOException {
        byte[] module = patchModule("kpt_a").bytes();
        Path file = Files.write(machine.home().resolve("kpt_a.ko.xz"), FakeCompression.xz(module));
        machine.run("install", file).succeeds();
        assertTrue(Arrays.equals(module, Files.readAllBytes(machine.db(VERSION).resolve("kpt_a.ko"))));
    }

    @Test
    void aFileNameThatIsNotFitForTheDbIsRefused() {
        Path file = patchModule("kpt_a").writeAs(machine.home().resolve("my module.ko"));
        machine.run("install", file).failsWith(4, "rename it to kpt_a.ko");
    }

    @Test
    void loadAllGoesInVersionOrderAndOnPastWhatFails() throws IOException {
        for (String name : List.of("kpatch-10", "kpatch-9", "kpatch-8")) {
            machine.installed(patchModule(name));
        }
        machine.kernel().fails("finit_module(kpatch_9)", Errno.ENOENT);
        Files.writeString(machine.db(VERSION).resolve("text.ko"), "hello");
        machine.run("load", "--all")
                .endsWith(1)
                .mentions(
                        "kpatch-9.ko: the kernel refused it (ENOENT)",
                        "text.ko: is not an ELF file",
                        "kpatch: 2 of 4 patch modules could not be loaded (kpatch-9.ko, text.ko)");
        assertEquals(
                List.of("finit_module(kpatch_8)", "finit_module(kpatch_9)", "finit_module(kpatch_10)"),
                machine.kernel().calls());
        assertEquals(List.of("kpatch_8", "kpatch_10"), machine.kernel().enabled());
    }

    @Test
    void loadAllOnceMoreBringsBackNothingThatWasReplaced() {
        machine.installed(patchModule("kpt_1").patches("vmlinux", "f"));
        machine.installed(patchModule("kpt_2").patches("vmlinux", "f").replace(true));
        machine.run("load", "--all").succeeds();
        machine.run("load", "--all")
                .succeeds()
                .printsAmongOthers(
                        "kpt_1.ko: is not loaded, as kpt_2, which is newer and takes its place, is loaded already");
        assertEquals(List.of("kpt_2"), machine.kernel().enabled());
    }

    @Test
    void loadAllLeavesOutWhatANewerModuleOfUnknownKindCoversAndNothingElse() {
        machine.installed(patchModule("kpt_1").patches("vmlinux", "f"));
        machine.installed(patchModule("kpt_2").patches("vmlinux", "h"));
        machine.installed(patchModule("kpt_3").madeByKpatchBuild().patches("vmlinux", "f", "g"));
        machine.run("load", "kpt_3").succeeds();
        machine.run("load", "--all")
                .succeeds()
                .printsAmongOthers(
                        "kpt_1.ko: is not loaded, as kpt_3, which is newer and takes its place, is loaded already");
        assertEquals(List.of("kpt_3", "kpt_2"), machine.kernel().enabled());
    }

    @Test
    void loadAllPutsAnOlderModuleUnderANewerThatDoesNotReplaceItWhereTheKernelTells() {
        machine.kernel().withStackOrder();
        machine.installed(patchModule("kpt_1").patches("vmlinux", "f"));
        machine.installed(patchModule("kpt_2"));
        machine.run("load", "kpt_2").succeeds();
        machine.run("load", "--all").succeeds();
        assertEquals(List.of("kpt_2", "kpt_1"), machine.kernel().enabled());
    }

    @Test
    void loadAllTwiceIsSuccess() {
        machine.run("load", "--all").succeeds().prints("no patch module is installed for kernel " + VERSION);
        machine.installed(patchModule("kpt_a"));
        machine.run("load", "--all").succeeds();
        machine.run("load", "--all").succeeds().prints("patch module kpt_a is already loaded and enabled");
    }

    @Test
    void aFileThatAPackagePutThereIsInstalled() {
        machine.installed(patchModule("kpt_a"));
        machine.run("list").succeeds().printsAmongOthers("kpt_a (" + VERSION + ")");
        machine.run("install", machine.file(patchModule("kpt_a"))).succeeds();
    }
}
