// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransitionTest {
    private final FakeMachine machine;

    TransitionTest(@TempDir Path directory) {
        machine = new FakeMachine(directory).withUser(0); // who alone may look at tasks
    }

    private Path stallingModule() {
        machine.kernel().stalledBy(42, "kthread_x", "[<0>] msleep+0x2d/0x40", "[<0>] patched_function+0x11/0x30");
        return machine.file(patchModule("kpt_a").patches("vmlinux", "f"));
    }

    @Test
    void aLoadThatStallsIsReverted() {
        Path file = stallingModule();
        machine.run("load", file)
                .endsWith(6)
                .prints(
                        "loading patch module: " + file,
                        "waiting (up to 75 seconds) for patch transition to complete...",
                        "disabling patch module: kpt_a",
                        "waiting (up to 75 seconds) for patch transition to complete...",
                        "transition complete (1 seconds)",
                        "unloading patch module: kpt_a")
                .complains(
                        "kpatch: kpt_a: the transition stalled: after 75 seconds there are still tasks that have not"
                                + " switched; the load was reverted; find what keeps those tasks and try again",
                        "    stalled task: 42 kthread_x",
                        "        msleep+0x2d/0x40",
                        "        patched_function+0x11/0x30");
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void aLoadThatStallsCanBeKept() {
        machine.run("load", "--on-stall=keep", stallingModule())
                .endsWith(6)
                .mentions("it stays loaded and its transition goes on", "stalled task: 42 kthread_x");
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
        machine.run("list").printsAmongOthers("kpt_a [enabling...]");
    }

    @Test
    void aLoadThatCannotBeRevertedSaysBoth() {
        machine.kernel().stallsReversal();
        machine.run("load", stallingModule())
                .endsWith(6)
                .mentions(
                        "so its load has to be reverted",
                        "its load could not be reverted",
                        "stalled task: 42 kthread_x")
                .doesNotMention("the load was reverted");
        assertEquals(List.of("kpt_a"), machine.kernel().loaded());
    }

    @Test
    void aShortTimeoutLeavesTimeToRevert() {
        machine.run("load", "--timeout=2", stallingModule())
                .endsWith(6)
                .printsAmongOthers(
                        "waiting (up to 2 seconds) for patch transition to complete...",
                        "disabling patch module: kpt_a",
                        "waiting (up to 20 seconds) for patch transition to complete...",
                        "unloading patch module: kpt_a");
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void anInterruptedRevertSaysWhatItLeavesBehind() {
        machine.kernel().stallsReversal();
        machine.time().after(Duration.ofSeconds(80), () -> machine.keyboard().fire());
        machine.run("load", stallingModule())
                .endsWith(130)
                .complains("kpatch: kpt_a: interrupted while its load is being reverted, which 'kpatch wait' waits for,"
                        + " to remove it then");
    }

    @Test
    void theKernelLogTellsHowALoadEnded() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", "--no-wait", file).succeeds();
        machine.run("unload", "--no-wait", "kpt_a").succeeds();
        machine.run("unload", "kpt_a").succeeds();
        machine.run("load", stallingModule()).endsWith(6);
        machine.kernel().stalledBy(42, "kthread_x");
        machine.run("load", "--on-stall=keep", file).endsWith(6);
        assertEquals(
                List.of(
                        "loaded patch module kpt_a, whose transition goes on",
                        "disabled patch module kpt_a, whose transition goes on",
                        "unloaded patch module kpt_a",
                        "load of patch module kpt_a failed: kpt_a: the transition stalled: after 75 seconds there are still"
                                + " tasks that have not switched; the load was reverted; find what keeps those tasks"
                                + " and try again",
                        "load of patch module kpt_a failed: kpt_a: the transition stalled: after 75 seconds there are still"
                                + " tasks that have not switched; it stays loaded and its transition goes on; 'kpatch"
                                + " wait' waits on, 'kpatch unload kpt_a' reverts it"),
                machine.dmesg().records());
    }

    @Test
    void whatTheRevertedModuleHeldIsToldBesideTheStall() {
        machine.kernel().fails("kpt_a/enabled=0", Errno.EBUSY);
        machine.run("load", stallingModule()).endsWith(5).mentions("the transition stalled", "EBUSY");
    }

    @Test
    void theTimeoutIsTheUsers() {
        Outcome outcome = machine.run("load", "--timeout", "20", "--on-stall", "keep", stallingModule());
        outcome.endsWith(6)
                .printsAmongOthers("waiting (up to 20 seconds) for patch transition to complete...")
                .mentions("after 20 seconds");
        assertEquals(Duration.ofSeconds(20), machine.time().elapsed());
    }

    @Test
    void aTimeoutOfNothingLooksOnce() {
        machine.run("load", "--timeout=0", "--on-stall=keep", stallingModule())
                .endsWith(6)
                .mentions("after 0 seconds");
        assertEquals(Duration.ZERO, machine.time().elapsed());
    }

    @Test
    void noWaitReturnsAtOnceAndSaysSo() {
        Path file = stallingModule();
        machine.run("load", "--no-wait", file)
                .succeeds()
                .prints(
                        "loading patch module: " + file,
                        "kpt_a: not waiting for the transition; 'kpatch wait' does, and 'kpatch list' shows it");
        assertEquals(Duration.ZERO, machine.time().elapsed());
    }

    @Test
    void stalledTasksAreSignalledAfter15SecondsWhereTheKernelDoesNotDoSo() {
        machine.kernel().before51().heedsSignals();
        machine.run("load", stallingModule()).succeeds().printsAmongOthers("transition complete (15 seconds)");
        assertEquals(
                List.of("finit_module(kpt_a)", "kpt_a/signal=1"),
                machine.kernel().calls());
    }

    @Test
    void stalledTasksAreSignalledOnce() {
        machine.kernel().before51();
        machine.run("load", "--on-stall=keep", stallingModule()).endsWith(6);
        assertEquals(
                List.of("finit_module(kpt_a)", "kpt_a/signal=1"),
                machine.kernel().calls());
    }

    @Test
    void aSignalThatFailsDoesNotEndTheWait() {
        machine.kernel().before51().fails("kpt_a/signal=1", Errno.EINVAL);
        machine.time().after(Duration.ofSeconds(30), () -> machine.kernel().unstall());
        machine.run("load", stallingModule())
                .succeeds()
                .printsAmongOthers("kpt_a: the stalled tasks could not be signalled (EINVAL)");
    }

    @Test
    void anInterruptedLoadSaysWhatItLeavesBehind() {
        Path file = stallingModule();
        machine.time().after(Duration.ofSeconds(3), () -> machine.keyboard().fire());
        machine.run("load", file)
                .endsWith(130)
                .complains("kpatch: kpt_a: interrupted; it is loaded and its transition goes on, which 'kpatch wait'"
                        + " waits for; 'kpatch unload kpt_a' reverts it");
        machine.kernel().unstall();
        machine.run("unload", "kpt_a").succeeds();
    }

    @Test
    void anInterruptedUnloadSaysWhatItLeavesBehind() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).succeeds();
        stallingModule();
        machine.time().after(Duration.ofSeconds(3), () -> machine.keyboard().fire());
        machine.run("unload", file)
                .endsWith(130)
                .complains("kpatch: kpt_a: interrupted; it is being disabled, which 'kpatch wait' waits for, to"
                        + " remove it then");
    }

    @Test
    void anUnloadThatIsInterruptedWhileTheKernelIsBusySaysThatItHasDoneNothing() {
        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "g")))
                .succeeds();
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.time().after(Duration.ofSeconds(3), () -> machine.keyboard().fire());
        machine.run("unload", "kpt_b").endsWith(130).mentions("kpt_b: interrupted before it was disabled");
        machine.kernel().unstall();
        machine.run("list").printsAmongOthers("kpt_b [enabled]");
    }

    @Test
    void anInterruptedWaitSaysThatTheTransitionGoesOn() {
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.time().after(Duration.ofSeconds(3), () -> machine.keyboard().fire());
        machine.run("wait").endsWith(130).mentions("interrupted", "kpt_a");
    }

    @Test
    void aTerminalShowsHowManyTasksAreLeft() {
        machine.onTerminal();
        Outcome outcome = machine.run("load", "--timeout=2", "--on-stall=keep", stallingModule());
        outcome.endsWith(6).mentions("\r1 task has yet to switch\u001b[K", "\r\u001b[Kkpatch: kpt_a: the transition");
        assertFalse(outcome.stdout().contains("yet to switch"));
    }

    @Test
    void withoutATerminalThereIsNoProgressLine() {
        machine.run("load", "--timeout=2", "--on-stall=keep", stallingModule())
                .doesNotMention("yet to switch", "\r", "\u001b");
    }

    @Test
    void waitSaysHowTheTransitionEnded() {
        machine.run("wait").succeeds().prints("no transition is running");
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a"))).succeeds();
        machine.run("wait")
                .succeeds()
                .prints(
                        "waiting (up to 75 seconds) for patch transition to complete...",
                        "transition complete (1 seconds)",
                        "patch module kpt_a is enabled");
        machine.run("unload", "--no-wait", "kpt_a").succeeds();
        machine.run("wait").succeeds().printsAmongOthers("patch module kpt_a is disabled");
    }

    private void loadsAReplacementWithoutWaiting() {
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        machine.run(
                        "load",
                        "--no-wait",
                        machine.file(
                                patchModule("kpt_c").patches("vmlinux", "f").replace(true)))
                .succeeds();
        assertEquals(List.of("kpt_a", "kpt_c"), machine.kernel().loaded());
    }

    @Test
    void waitRemovesWhatWasReplacedMeanwhile() {
        loadsAReplacementWithoutWaiting();
        machine.run("wait")
                .succeeds()
                .printsAmongOthers(
                        "patch module kpt_c is enabled",
                        "patch module kpt_a, which was replaced by kpt_c, was removed");
        assertEquals(List.of("kpt_c"), machine.kernel().loaded());
    }

    @Test
    void waitRemovesWhatWasReplacedBefore() {
        loadsAReplacementWithoutWaiting();
        machine.time().pass(Duration.ofSeconds(5));
        machine.run("wait")
                .succeeds()
                .prints("no transition is running", "patch module kpt_a, which was in effect no more, was removed");
        assertEquals(List.of("kpt_c"), machine.kernel().loaded());
    }

    @Test
    void waitLeavesWhatTheKernelHoldsAfterAForcedTransition() {
        machine.kernel().neverReleases();
        loadsAReplacementWithoutWaiting();
        machine.time().pass(Duration.ofSeconds(5));
        machine.run("wait").succeeds().prints("no transition is running");
    }

    @Test
    void waitChangesNothingForAUserWhoMayNot() {
        loadsAReplacementWithoutWaiting();
        machine.kernel().unprivileged();
        String hint = "patch modules that are in effect no more are still in memory; 'kpatch wait' removes them when"
                + " root runs it";
        machine.run("wait").succeeds().printsAmongOthers("patch module kpt_c is enabled");
        machine.time().pass(Duration.ofSeconds(5));
        machine.run("wait").succeeds().prints("no transition is running", hint);
        assertEquals(List.of("kpt_a", "kpt_c"), machine.kernel().loaded());
    }

    @Test
    void withoutWaitingAllAreStillLoadedAndUnloadedOneAfterTheOther() {
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.installed(patchModule("kpt_b").patches("vmlinux", "f"));
        machine.run("load", "--all", "--no-wait").succeeds();
        assertEquals(List.of("kpt_a", "kpt_b"), machine.kernel().enabled());
        machine.run("list").printsAmongOthers("kpt_a [enabled]", "kpt_b [enabling...]");
        machine.run("unload", "--all", "--no-wait").succeeds();
        machine.run("list").printsAmongOthers("kpt_a [disabling...]");
        assertEquals(List.of("kpt_a"), machine.kernel().loaded());
    }

    @Test
    void waitFailsIfTheTransitionIsReversedMeanwhile() {
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.time().after(Duration.ofSeconds(1), () -> machine.run("unload", "--no-wait", "kpt_a"));
        machine.run("wait").failsWith(1, "kpt_a: is disabled, as its transition was reversed");
    }

    @Test
    void allAreUnloadedInOnePassWhileATransitionIsGoingOn() {
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "g")))
                .succeeds();
        machine.kernel().transitionsTake(Duration.ofSeconds(30));
        machine.run("unload", "--no-wait", "kpt_a").succeeds();
        machine.run("unload", "--all").succeeds();
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void waitFailsIfTheTransitionStalls() {
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.run("wait", "--timeout", "1")
                .endsWith(6)
                .mentions("kpt_a: the transition stalled: after 1 seconds", "stalled task: 42 kthread_x");
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void signalWritesTheAttributeWhereThereIsOne() {
        machine.kernel().before51().heedsSignals();
        machine.run("signal").succeeds().prints("no transition is running");
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.run("signal").succeeds().prints("kpt_a: the tasks that stall its transition were signalled");
        machine.run("list").succeeds().printsAmongOthers("kpt_a [enabled]");
    }

    @Test
    void signalIsNothingToDoWhereTheKernelSignalsByItself() {
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.run("signal")
                .succeeds()
                .prints("kpt_a: this kernel signals the tasks that stall a transition by itself, every 15 seconds;"
                        + " there is nothing to do");
        assertEquals(List.of("finit_module(kpt_a)"), machine.kernel().calls());
    }

    @Test
    void forceWantsYes() {
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.run("force")
                .failsWith(4, "may crash the machine", "refuse to remove the module until the next boot", "--yes");
        machine.run("list").printsAmongOthers("kpt_a [enabling...]");
    }

    @Test
    void forceCompletesTheTransitionAndSaysWhatThatCosts() {
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.run("force", "--yes")
                .succeeds()
                .prints(
                        "kpt_a: the transition was forced; the kernel may refuse to remove the module until the next boot");
        machine.run("list").printsAmongOthers("kpt_a [enabled]");
        assertTrue(machine.dmesg().records().contains("forced the transition of patch module kpt_a"));
    }

    @Test
    void forceWithNothingToForceIsRefused() {
        machine.run("force", "--yes").failsWith(4, "no transition is running");
    }

    @Test
    void forceNeedsAKernelThatCan() {
        machine.kernel().withoutForce();
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.run("force", "--yes").failsWith(5, "no way to force a transition");
    }

    @Test
    void aKernelThatRefusesToForceIsTold() {
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.kernel().fails("kpt_a/force=1", Errno.EINVAL);
        machine.run("force", "--yes").failsWith(5, "EINVAL");
    }

    @Test
    void aForcedModuleCannotBeUnloaded() {
        machine.run("load", "--no-wait", stallingModule()).succeeds();
        machine.run("force", "--yes").succeeds();
        machine.run("unload", "kpt_a")
                .failsWith(5, "EAGAIN", "a forced transition makes that last until the next boot");
    }

    @Test
    void whoHoldsUpATransitionIsShownWithTheFunctionThatDoes() {
        machine.run("blocking").succeeds().prints("no transition is running");
        machine.kernel()
                .stalledBy(
                        42,
                        "kthread_x",
                        "[<0>] msleep+0x2d/0x40",
                        "[<0>] f+0x1/0x2 [xfs]",
                        "[<0>] f+0x11/0x30",
                        "[<0>] kthread+0xe6/0x110");
        machine.kernel().stalledBy(43, "kthread_y");
        machine.put("proc/42/task/42/status", "Name:\tkthread_x\nState:\tD (disk sleep)\nTgid:\t42\n");
        machine.put("proc/42/task/42/wchan", "msleep");
        machine.put("proc/43/task/43/wchan", "0");
        machine.put("proc/42/comm", "kthread_x\n");
        Path file = machine.file(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.run("load", "--no-wait", file).succeeds();
        machine.run("blocking")
                .succeeds()
                .prints(
                        "kpt_a [enabling...]",
                        "2 tasks have yet to switch:",
                        "",
                        "Process 42 kthread_x",
                        "  task 42 kthread_x, disk sleep in msleep",
                        "    msleep+0x2d/0x40",
                        "    f+0x1/0x2 [xfs]",
                        "    f+0x11/0x30  <- is patched by kpt_a",
                        "    kthread+0xe6/0x110",
                        "",
                        "Process 43",
                        "  task 43 kthread_y");
        machine.withUser(1000).run("blocking").failsWith(7, "run kpatch as root");
    }

    @Test
    void onTheWayOutItIsTheModulesOwnFunctionThatHoldsATask() {
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        machine.kernel().stalledBy(42, "kthread_x", "[<0>] new_f+0x2d/0x40 [kpt_a]", "[<0>] f+0x11/0x30");
        machine.run("unload", "--no-wait", "kpt_a").succeeds();
        machine.run("blocking")
                .succeeds()
                .printsAmongOthers(
                        "kpt_a [disabling...]",
                        "1 task has yet to switch:",
                        "    new_f+0x2d/0x40 [kpt_a]  <- belongs to patch module kpt_a",
                        "    f+0x11/0x30");
    }

    @Test
    void theVersionOfAnotherPatchModuleHoldsATaskOnlyIfItIsReplaced() {
        machine.run("load", machine.file(patchModule("kpt_f").patches("vmlinux", "f")));
        machine.run("load", machine.file(patchModule("kpt_g").patches("vmlinux", "g")));
        machine.kernel().stalledBy(42, "kthread_x", "[<0>] new_f+0x2d/0x40 [kpt_f]", "[<0>] new_g+0x11/0x30 [kpt_g]");
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_g2").patches("vmlinux", "g")));
        machine.run("blocking")
                .printsAmongOthers(
                        "    new_f+0x2d/0x40 [kpt_f]", "    new_g+0x11/0x30 [kpt_g]  <- belongs to patch module kpt_g");
    }
}
