// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.coreModule;
import static io.github.kpatch.testing.PatchModuleBuilder.kernelModule;
import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeCompression;
import io.github.kpatch.testing.FakeMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
    private static final String WAITING = "waiting (up to 75 seconds) for patch transition to complete...";
    private static final String COMPLETE = "transition complete (1 seconds)";

    private final FakeMachine machine;

    LoadTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    @Test
    void loadGivesTheFileToTheKernelAndWaitsForTheTransition() {
        Path file = machine.file(patchModule("kpt_a").patches("vmlinux", "cmdline_proc_show"));
        machine.run("load", file).succeeds().prints("loading patch module: " + file, WAITING, COMPLETE);
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
        assertEquals(List.of("finit_module(kpt_a)"), machine.kernel().calls());
        assertEquals(List.of("loaded patch module kpt_a"), machine.dmesg().records());
        assertEquals(0, machine.dmesg().listening());
    }

    @Test
    void whoLoggedInIsLeftInTheKernelLog() {
        machine.put("proc/self/loginuid", "1000");
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        assertEquals(
                List.of("loaded patch module kpt_a (login uid 1000)"),
                machine.dmesg().records());
    }

    @Test
    void aTransitionThatIsOverAtOnceIsNotWaitedFor() {
        machine.kernel().transitionsTake(Duration.ZERO);
        machine.time().after(Duration.ZERO, () -> {});
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).endsWith(0);
        assertTrue(machine.time().elapsed().compareTo(Duration.ofMillis(5)) < 0);
    }

    @Test
    void theWaitIsByShortPolls() {
        machine.kernel().transitionsTake(Duration.ofMillis(40));
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        assertTrue(machine.time().elapsed().compareTo(Duration.ofMillis(80)) < 0);
        assertTrue(Collections.max(machine.time().sleeps()).compareTo(Duration.ofMillis(100)) <= 0);
    }

    @Test
    void loadOfAnEnabledModuleIsSuccess() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).succeeds();
        machine.run("load", file).succeeds().prints("patch module kpt_a is already loaded and enabled");
        assertEquals(List.of("finit_module(kpt_a)"), machine.kernel().calls());
    }

    @Test
    void loadOfAModuleInTransitionWaitsForIt() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", "--no-wait", file).succeeds();
        machine.run("load", file).succeeds().prints(WAITING, COMPLETE);
    }

    @Test
    void loadOfAModuleThatIsBeingDisabledReversesThat() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).succeeds();
        machine.run("unload", "--no-wait", "kpt_a").succeeds();
        machine.run("load", file)
                .succeeds()
                .prints("patch module kpt_a is loaded but disabled; enabling it again", WAITING, COMPLETE);
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void aDisabledModuleIsEnabledAgainWhereTheKernelAllowsIt() throws Exception {
        machine.kernel().before51();
        Path file = disabledModule();
        machine.run("load", file)
                .succeeds()
                .prints("patch module kpt_a is loaded but disabled; enabling it again", WAITING, COMPLETE);
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
        assertTrue(machine.kernel().calls().contains("kpt_a/enabled=1"));
    }

    @Test
    void aDisabledModuleIsEnabledByNameWithoutAFile() throws Exception {
        machine.kernel().before51();
        Files.delete(disabledModule());
        machine.run("load", "kpt-a.ko").succeeds();
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void aModuleThatTheKernelWouldNotEnableAgainIsLoadedAnew() throws Exception {
        machine.kernel().before51();
        Path file = disabledModule();
        machine.kernel().fails("kpt_a/enabled=1", Errno.EINVAL);
        machine.run("load", file).succeeds();
        assertEquals(
                List.of("kpt_a/enabled=1", "delete_module(kpt_a)", "finit_module(kpt_a)"),
                machine.kernel().calls().subList(3, 6));
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    /** Loads kpt_a, and unloads it but for its removal. */
    private Path disabledModule() {
        Path file = machine.file(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.run("load", file).succeeds();
        machine.kernel().fails("delete_module(kpt_a)", Errno.EBUSY);
        machine.run("unload", "kpt_a").endsWith(5);
        return file;
    }

    @Test
    void aLeftoverIsRemovedAndTheModuleLoadedAnew() {
        Path file = disabledModule();
        machine.run("load", file).succeeds().prints("loading patch module: " + file, WAITING, COMPLETE);
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void aLeftoverThatIsStillReferencedIsWaitedFor() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.kernel().releasesAfter(Duration.ofSeconds(9));
        machine.run("load", file).succeeds();
        machine.run("unload", "--no-wait", file).succeeds();
        machine.time().pass(Duration.ofSeconds(2));
        machine.run("load", file).succeeds();
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void anOrdinaryModuleOfTheSameNameIsLeftAlone() {
        machine.kernel().hasModules("kpt_a");
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).failsWith(4, "a module named kpt_a that is no patch module is loaded");
        assertEquals(List.of(), machine.kernel().calls());
    }

    @Test
    void anotherModuleOfTheSameNameIsRefusedByItsSrcversion() {
        machine.run("load", machine.file(patchModule("kpt_a").field("srcversion", "AAA")))
                .succeeds();
        machine.run("load", machine.file(patchModule("kpt_a").field("srcversion", "BBB")))
                .failsWith(4, "another patch module named kpt_a is loaded", "srcversion is AAA", "the file's is BBB");
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void anotherModuleOfTheSameNameIsRefusedByItsBuildId() {
        Path file = machine.file(patchModule("kpt_a").buildId("c0ffee"));
        machine.run("load", file).succeeds();
        machine.run("load", file).succeeds();
        machine.run("load", machine.file(patchModule("kpt_a").buildId("decade")))
                .failsWith(
                        4, "another patch module named kpt_a is loaded", "build ID is c0ffee", "the file's is decade");
    }

    @Test
    void ftraceSwitchedOffIsRefused() {
        machine.kernel().sysctl("ftrace_enabled", "0");
        machine.run("load", machine.file(patchModule("kpt_a")))
                .failsWith(4, "kernel.ftrace_enabled is 0", "sysctl kernel.ftrace_enabled=1")
                .prints();
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void aTargetModuleThatIsNotLoadedIsTold() {
        Path file = machine.file(patchModule("kpt_a").patches("ext4", "f").patches("vmlinux", "g"));
        String pending = "the module ext4 is not loaded; what kpt_a patches there takes effect when it is";
        machine.run("load", file).succeeds().prints("loading patch module: " + file, WAITING, COMPLETE, pending);
        machine.run("load", file).succeeds().prints("patch module kpt_a is already loaded and enabled", pending);
        machine.kernel().hasModules("ext4");
        machine.run("load", file).succeeds().prints("patch module kpt_a is already loaded and enabled");
    }

    /** Before 6.1 the kernel does not tell what is pending, and it finds only what is a module. */
    @Test
    void aTargetThatIsBuiltInIsNoModuleThatIsLoaded() {
        machine.kernel().before51();
        machine.put("sys/module/ext4/version", "1");
        machine.run("load", machine.file(patchModule("kpt_a").patches("ext4", "f")))
                .succeeds()
                .printsAmongOthers("the module ext4 is not loaded; what kpt_a patches there takes effect when it is");
    }

    @Test
    void aBusyKernelIsTriedFiveTimesTwoSecondsApart() {
        machine.kernel().transitionsTake(Duration.ofMillis(1)).fails("finit_module(kpt_a)", busy(4));
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        assertEquals(
                Collections.nCopies(4, Duration.ofSeconds(2)),
                machine.time().sleeps().subList(0, 4));
        assertEquals(
                Collections.nCopies(5, "finit_module(kpt_a)"), machine.kernel().calls());
    }

    @Test
    void aKernelThatStaysBusyIsGivenUp() {
        machine.kernel().fails("finit_module(kpt_a)", busy(9));
        machine.run("load", machine.file(patchModule("kpt_a"))).failsWith(5, "EBUSY", "the kernel is busy");
        assertEquals(Duration.ofSeconds(8), machine.time().elapsed());
        assertEquals(5, machine.kernel().calls().size());
        assertEquals(List.of(), machine.kernel().loaded());
    }

    private static Errno[] busy(int times) {
        return Collections.nCopies(times, Errno.EBUSY).toArray(Errno[]::new);
    }

    @Test
    void anotherPatchsTransitionIsWaitedForByRetrying() {
        machine.kernel().transitionsTake(Duration.ofSeconds(5));
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a"))).succeeds();
        machine.run("load", machine.file(patchModule("kpt_b"))).succeeds();
        assertEquals(List.of("kpt_a", "kpt_b"), machine.kernel().enabled());
    }

    @Test
    void theKernelsOwnWordsAreShown() {
        machine.kernel()
                .fails("finit_module(kpt_a)", Errno.ENOENT)
                .says("finit_module(kpt_a)", "kpt_a: Unknown symbol nix (err -2)");
        machine.dmesg().say("from before");
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file)
                .endsWith(5)
                .prints("loading patch module: " + file)
                .complains(
                        "kpatch: " + file + ": the kernel refused it (ENOENT): it needs a symbol that neither the"
                                + " kernel nor a loaded module has; load the module that has it, or get the build for"
                                + " this kernel",
                        "    kpt_a: Unknown symbol nix (err -2)");
    }

    @Test
    void whatAReplacingModuleReplacedIsRemoved() {
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "g")))
                .succeeds();
        Path file =
                machine.file(patchModule("kpt_c").patches("vmlinux", "f", "g").replace(true));
        machine.run("load", file)
                .succeeds()
                .printsAmongOthers("loading patch module: " + file, WAITING, COMPLETE)
                .printsAmongOthers("patch module kpt_a, which was replaced by kpt_c, was removed")
                .printsAmongOthers("patch module kpt_b, which was replaced by kpt_c, was removed");
        assertEquals(List.of("kpt_c"), machine.kernel().loaded());
    }

    @Test
    void whatWasReplacedButStaysInMemoryIsTold() {
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        machine.kernel().neverReleases();
        machine.run(
                        "load",
                        machine.file(
                                patchModule("kpt_c").patches("vmlinux", "f").replace(true)))
                .succeeds()
                .printsAmongOthers(
                        "patch module kpt_a, which was replaced by kpt_c, is still in memory: kpt_a: the kernel"
                                + " refused it (EAGAIN): it is still in use (a forced transition makes that last until the"
                                + " next boot); try again later");
    }

    @Test
    void aCompressedModuleIsUnpackedForTheKernel() throws Exception {
        byte[] module = patchModule("kpt_a").bytes();
        Path file = Files.write(machine.home().resolve("kpt_a.ko.xz"), FakeCompression.xz(module));
        machine.run("load", file).succeeds();
        assertEquals(List.of("init_module(kpt_a)"), machine.kernel().calls());
    }

    @Test
    void aCompressedModuleIsLeftToAKernelThatUnpacksIt() throws Exception {
        machine.put("sys/module/compression", "xz\n");
        byte[] module = patchModule("kpt_a").bytes();
        Path file = Files.write(machine.home().resolve("kpt_a.ko.xz"), FakeCompression.xzWithCrc32(module));
        machine.run("load", file).succeeds();
        assertEquals(List.of("finit_module(kpt_a)"), machine.kernel().calls());
    }

    @Test
    void aModuleForTheCoreModuleIsRefusedOnLivepatch() {
        Path file = machine.file(coreModule("kpt_a").patches("vmlinux", "f"));
        machine.run("load", file).failsWith(4, "is built for the kpatch core module, and this kernel has livepatch");
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void aKernelModuleThatIsNoPatchModuleIsRefused() {
        machine.run("load", machine.file(kernelModule("ext4")))
                .failsWith(4, "is a kernel module but not a patch module")
                .prints();
    }
}
