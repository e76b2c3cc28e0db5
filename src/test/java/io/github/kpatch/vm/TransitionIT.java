// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Transitions that tasks stall: they sleep in the function that is to be patched. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class TransitionIT {
    private final Guest guest;

    TransitionIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuestWithATarget() {
        guest.reset();
        guest.must("insmod $M/kpt_target.ko");
    }

    @Test
    void aStalledLoadIsRevertedAndSaysWhoStalledIt() {
        sleeperInTheKernel();

        guest.run("kpatch load --timeout 2 $M/kpt-stall.ko")
                .fails(6)
                .tells("the transition stalled")
                .tells("kpt_sleeper")
                .tells("kpt_target_sleep")
                .prints("waiting (up to 2 seconds) for patch transition to complete...");

        assertEquals("", guest.must("grep kpt_stall /proc/modules || true"));
    }

    @Test
    void aStalledLoadMayBeKeptAndCompletesWhenTheTaskIsThrough() {
        sleeperInTheKernel();

        guest.run("kpatch load --timeout 1 --on-stall=keep $M/kpt-stall.ko")
                .fails(6)
                .tells("it stays loaded");

        assertEquals("1/1", guest.must("patch_state kpt_stall"));
        Outcome list = guest.run("kpatch list");
        list.printsExactly("Loaded patch modules:", "kpt_stall [enabling...]", "", "Installed patch modules:");
        list.tells("kpt_sleeper");
        guest.run("kpatch blocking")
                .succeeds()
                .prints("kpt_stall [enabling...]")
                .prints("1 task has yet to switch:")
                .prints("kpt_sleeper, idle in kpt_target_sleep")
                .prints(" [kpt_target]  <- is patched by kpt_stall");
        guest.run("kpatch wait --timeout 0").fails(6).tells("kpt_stall");
        guest.run("kpatch signal").succeeds().prints("signals the tasks that stall a transition by itself");
        guest.run("kpatch load $M/kpt-cmdline-1.ko").fails(5).tells("EBUSY");
        guest.run(
                        "kpatch wait >/tmp/kpt/wait & wait_until grep -q waiting /tmp/kpt/wait; echo release >/proc/kpt_target;"
                                + " wait $! && cat /tmp/kpt/wait")
                .succeeds()
                .prints("transition complete (")
                .prints("kpt_stall is enabled");
        guest.run("kpatch wait").succeeds().prints("no transition is running");
    }

    @Test
    void aSleepingUserTaskIsSignalledByTheKernelAndTheLoadCompletes() {
        guest.must("cat /proc/kpt_target >/dev/null & sleep 0.5");

        String out = guest.run("kpatch load $M/kpt-stall.ko").succeeds().out();

        assertTrue(out.contains("transition complete ("), out);
        assertEquals("1/0", guest.must("patch_state kpt_stall"));
    }

    @Test
    void noWaitReturnsWhileTheTransitionGoesOn() {
        sleeperInTheKernel();
        guest.run("kpatch load --no-wait $M/kpt-stall.ko").succeeds().prints("not waiting for the transition");
        assertEquals("1/1", guest.must("patch_state kpt_stall"));
        guest.run("kpatch unload kpt_stall").succeeds();
        assertEquals("", guest.must("grep kpt_stall /proc/modules || true"));
    }

    @Test
    void ctrlCLeavesAKnownStateAndSaysWhich() {
        sleeperInTheKernel();

        // a background process of a shell without job control ignores SIGINT; env gives it back its meaning
        Outcome outcome = guest.run("env --default-signal=INT kpatch load $M/kpt-stall.ko & "
                + "wait_until grep -q kpt_stall /proc/modules; sleep 3; kill -INT $!; wait $!");

        assertEquals(130, outcome.status(), outcome::toString);
        outcome.tells("kpt_stall: interrupted; it is loaded and its transition goes on");
        assertEquals("1/1", guest.must("patch_state kpt_stall"));
    }

    @Test
    void ctrlCWhileAnotherKpatchIsWaitedForSaysThatNothingWasDone() {
        sleeperInTheKernel();
        guest.must("kpatch load $M/kpt-stall.ko >/tmp/kpt/first & wait_until grep -q waiting /tmp/kpt/first");

        Outcome outcome = guest.run("env --default-signal=INT kpatch load $M/kpt-cmdline-1.ko >/tmp/kpt/second & "
                + "wait_until grep -q 'another kpatch is at work' /tmp/kpt/second; kill -INT $!; wait $!");

        assertEquals(130, outcome.status(), outcome::toString);
        outcome.tells("interrupted while it waited for another kpatch to end; nothing was done");
        assertEquals("", guest.must("grep kpt_cmdline /proc/modules || true"));
        guest.must("echo release >/proc/kpt_target; wait");
        assertEquals("1/0", guest.must("patch_state kpt_stall"));
    }

    @Test
    void forceCompletesATransitionThatStalls() {
        sleeperInTheKernel();
        guest.run("kpatch load --no-wait $M/kpt-stall.ko").succeeds();
        guest.run("kpatch force").fails(4).tells("--yes");

        guest.run("kpatch force --yes").succeeds().prints("kpt_stall: the transition was forced");

        assertEquals("1/0", guest.must("patch_state kpt_stall"));
        guest.run("kpatch force --yes").fails(4).tells("no transition is running");
    }

    @Test
    void aModuleThatWasDisabledByForceStaysInMemory() {
        try (Guest other = Guest.boot(guest.kernel())) {
            other.must("insmod $M/kpt_target.ko; insmod $M/kpt-stall.ko;"
                    + " wait_until grep -q 0 /sys/kernel/livepatch/kpt_stall/transition;"
                    + " echo kthread >/proc/kpt_target; sleep 0.5");
            other.run("kpatch unload --timeout 1 kpt-stall").fails(6).tells("it is still being disabled");
            other.run("kpatch force --yes").succeeds();
            other.must("echo release >/proc/kpt_target");
            other.run("kpatch unload kpt-stall").fails(5).tells("EAGAIN").tells("still in use");
            other.run("kpatch unload --all").fails(1).tells("1 of 1 patch modules could not be unloaded (kpt_stall)");
        }
    }

    private void sleeperInTheKernel() {
        guest.must("echo kthread >/proc/kpt_target; sleep 0.5");
    }
}
