// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnloadTest {
    private static final String WAITING = "waiting (up to 75 seconds) for patch transition to complete...";
    private static final String COMPLETE = "transition complete (1 seconds)";

    private final FakeMachine machine;

    UnloadTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    private void load(String... names) {
        for (String name : names) {
            machine.run("load", machine.file(patchModule(name).patches("vmlinux", "f")))
                    .succeeds();
        }
    }

    private List<String> removals() {
        return machine.kernel().calls().stream()
                .filter(call -> call.startsWith("delete_module"))
                .toList();
    }

    @Test
    void unloadDisablesWaitsAndRemoves() {
        load("kpt_a");
        machine.run("unload", "kpt_a")
                .succeeds()
                .prints("disabling patch module: kpt_a", WAITING, COMPLETE, "unloading patch module: kpt_a");
        assertEquals(List.of(), machine.kernel().loaded());
        assertEquals(
                List.of("loaded patch module kpt_a", "unloaded patch module kpt_a"),
                machine.dmesg().records());
        assertEquals(0, machine.dmesg().listening());
    }

    @Test
    void whatIsNotLoadedIsNoSuchModule() {
        machine.run("unload", "kpt_a").failsWith(3, "kpt_a: no such patch module is loaded");
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("unload", file).failsWith(3, "kpt_a: no such patch module is loaded");
    }

    @Test
    void anOrdinaryModuleIsNotUnloaded() {
        machine.kernel().hasModules("ext4");
        machine.run("unload", "ext4").failsWith(3, "no such patch module");
        assertEquals(List.of("ext4"), machine.kernel().loaded());
    }

    @Test
    void forceUnloadIsUnload() {
        load("kpt_a", "kpt_b");
        machine.run("force", "unload", "kpt_a").succeeds().printsAmongOthers("unloading patch module: kpt_a");
        machine.run("force", "unload", "--all").succeeds().printsAmongOthers("unloading patch module: kpt_b");
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void theReferenceThatIsDroppedALittleLaterIsWaitedFor() {
        machine.kernel().releasesAfter(Duration.ofSeconds(14));
        load("kpt_a");
        machine.run("unload", "kpt_a").succeeds();
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void aReferenceThatStaysIsReportedAfter15Seconds() {
        load("kpt_a");
        machine.kernel().neverReleases();
        Duration start = machine.time().elapsed();
        machine.run("unload", "kpt_a").failsWith(5, "kpt_a", "EAGAIN", "still in use");
        assertEquals(16, machine.time().elapsed().minus(start).toSeconds());
    }

    @Test
    void aDisabledLeftoverIsRemoved() {
        load("kpt_a");
        machine.kernel().fails("delete_module(kpt_a)", Errno.EBUSY);
        machine.run("unload", "kpt_a").failsWith(5, "EBUSY");
        machine.run("unload", "kpt_a").succeeds().prints("unloading patch module: kpt_a");
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void aDisabledModuleOfAnOlderKernelIsRemoved() {
        machine.kernel().before51();
        load("kpt_a");
        machine.kernel().fails("delete_module(kpt_a)", Errno.EBUSY);
        machine.run("unload", "kpt_a").failsWith(5, "EBUSY");
        machine.run("list").printsAmongOthers("kpt_a [disabled]");
        machine.run("unload", "kpt_a").succeeds().prints("unloading patch module: kpt_a");
    }

    @Test
    void noWaitLeavesTheModuleInItsTransitionAndALaterUnloadEndsIt() {
        load("kpt_a");
        machine.run("unload", "--no-wait", "kpt_a")
                .succeeds()
                .prints(
                        "disabling patch module: kpt_a",
                        "kpt_a: not waiting for the transition; 'kpatch wait' does, and removes the module then");
        machine.run("list").printsAmongOthers("kpt_a [disabling...]");
        machine.run("unload", "kpt_a").succeeds().prints(WAITING, COMPLETE, "unloading patch module: kpt_a");
    }

    @Test
    void anUnloadThatStallsLeavesTheModuleDisabling() {
        load("kpt_a");
        machine.withUser(0).kernel().stalledBy(7, "sleeper", "[<0>] f+0x1/0x2");
        machine.run("unload", "--timeout=30", "kpt_a")
                .endsWith(6)
                .prints(
                        "disabling patch module: kpt_a",
                        "waiting (up to 30 seconds) for patch transition to complete...")
                .complains(
                        "kpatch: kpt_a: the transition stalled: after 30 seconds there are still tasks that have not"
                                + " switched; it is still being disabled; 'kpatch wait' waits on, and 'kpatch force'"
                                + " ends it by force",
                        "    stalled task: 7 sleeper",
                        "        f+0x1/0x2");
        machine.run("list").printsAmongOthers("kpt_a [disabling...]");
    }

    @Test
    void aLoadStillInTransitionIsReverted() {
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a"))).succeeds();
        machine.run("unload", "kpt_a").succeeds();
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void anotherTransitionIsWaitedForByRetrying() {
        load("kpt_a");
        machine.kernel().transitionsTake(Duration.ofSeconds(5));
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_b"))).succeeds();
        machine.run("unload", "kpt_a").succeeds();
        assertEquals(List.of("kpt_b"), machine.kernel().enabled());
    }

    @Test
    void aKernelThatRefusesToDisableIsTold() {
        load("kpt_a");
        machine.kernel().fails("kpt_a/enabled=0", Errno.EPERM);
        machine.run("unload", "kpt_a").failsWith(5, "kpt_a", "EPERM");
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void allGoesFromTheTopDown() {
        machine.kernel().before51();
        load("kpt_b", "kpt_a", "kpt_c");
        machine.run("unload", "--all").succeeds();
        assertEquals(List.of("delete_module(kpt_c)", "delete_module(kpt_a)", "delete_module(kpt_b)"), removals());
    }

    @Test
    void allGoesByStackOrderWhereTheKernelHasIt() throws Exception {
        machine.kernel().withStackOrder();
        load("kpt_a", "kpt_b");
        Files.writeString(machine.roots().livepatch().resolve("kpt_a/stack_order"), "2\n");
        Files.writeString(machine.roots().livepatch().resolve("kpt_b/stack_order"), "1\n");
        machine.run("unload", "--all").succeeds();
        assertEquals(List.of("delete_module(kpt_a)", "delete_module(kpt_b)"), removals());
    }

    @Test
    void allGoesOnPastWhatWouldNotGoAndReportsIt() {
        load("kpt_a", "kpt_b", "kpt_c");
        machine.kernel().fails("delete_module(kpt_b)", Errno.EBUSY);
        machine.run("unload", "--all")
                .endsWith(1)
                .mentions(
                        "kpatch: kpt_b: the kernel refused it (EBUSY)",
                        "kpatch: 1 of 3 patch modules could not be unloaded (kpt_b); the lines above say why");
        assertEquals(List.of("kpt_b"), machine.kernel().loaded());
    }

    @Test
    void allWithNothingLoadedIsSuccess() {
        machine.run("unload", "--all").succeeds().prints("no patch module is loaded");
    }

    @Test
    void allRemovesWhatReplacedModulesLeft() {
        load("kpt_a");
        machine.kernel().fails("delete_module(kpt_a)", Errno.EBUSY);
        machine.run(
                        "load",
                        machine.file(
                                patchModule("kpt_c").patches("vmlinux", "f").replace(true)))
                .succeeds();
        machine.kernel().hasModules("ext4");
        assertEquals(List.of("kpt_a", "kpt_c", "ext4"), machine.kernel().loaded());
        machine.run("unload", "--all").succeeds();
        assertEquals(List.of("ext4"), machine.kernel().loaded());
    }

    @Test
    void allWithoutWaitingSaysWhatIsLeft() {
        load("kpt_a");
        machine.run("unload", "--all", "--no-wait").endsWith(0).printsAmongOthers("disabling patch module: kpt_a");
        assertTrue(machine.kernel().loaded().contains("kpt_a"));
    }

    @Test
    void aModuleThatVanishesMeanwhileIsSuccess() {
        load("kpt_a");
        machine.kernel().fails("delete_module(kpt_a)", Errno.ENOENT);
        machine.run("unload", "kpt_a").succeeds();
    }

    @Test
    void aRenamedFileStillUnloads() {
        load("kpt_a");
        Path renamed = patchModule("kpt_a").writeAs(machine.home().resolve("fix-for-tuesday.bin"));
        machine.run("unload", renamed).succeeds().printsAmongOthers("unloading patch module: kpt_a");
    }
}
