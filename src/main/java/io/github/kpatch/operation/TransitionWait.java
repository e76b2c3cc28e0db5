// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.StalledTask;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.module.ModuleName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Waits for the transition of one patch module by short polls, and pokes what stalls it. */
final class TransitionWait {
    private static final Duration BETWEEN_COUNTS = Duration.ofMillis(500);

    private final Host host;
    private final Progress progress;
    private final PatchInterface patches;
    private final ModuleName name;

    TransitionWait(Host host, Progress progress, PatchInterface patches, ModuleName name) {
        this.host = host;
        this.progress = progress;
        this.patches = patches;
        this.name = name;
    }

    /** How a wait ended. */
    enum Outcome {
        ENABLED,
        DISABLED,
        /** The limit was reached, and the transition goes on. */
        STALLED
    }

    /** Waits up to the limit; says so only where there is something to wait for. */
    Outcome await(Duration limit) {
        Polling polling = new Polling(host.machine().clock(), limit);
        Optional<Outcome> ended = outcome();
        if (ended.isPresent()) {
            return ended.get();
        }
        progress.waiting(limit);
        Duration counted = Duration.ZERO;
        boolean signalled = false;
        while (ended.isEmpty()) {
            if (polling.isOver()) {
                return Outcome.STALLED;
            }
            Duration elapsed = polling.elapsed();
            if (!signalled && elapsed.compareTo(Waiting.UNTIL_SIGNAL) >= 0) {
                signal();
                signalled = true;
            }
            if (progress.wantsTasksLeft() && mayLookAtTasks() && elapsed.compareTo(counted.plus(BETWEEN_COUNTS)) >= 0) {
                counted = elapsed;
                tellTasksLeft();
            }
            polling.pause();
            ended = outcome();
        }
        progress.transitionComplete(polling.elapsed());
        return ended.get();
    }

    private void tellTasksLeft() {
        try {
            patches.patch(name)
                    .ifPresent(patch ->
                            progress.tasksLeft(host.tasks().countUnswitched(patch.state() == PatchState.ENABLING)));
        } catch (KpatchException e) {
            // it is there to be looked at, and waiting goes on without
        }
    }

    /** The failure to report after a stall: who stalls it, and what has become of it. */
    KpatchException stalled(Duration limit, boolean enabling, Sentence sequel) {
        List<String> evidence = new ArrayList<>();
        try {
            for (StalledTask task : mayLookAtTasks() ? host.tasks().stalled(enabling) : List.<StalledTask>of()) {
                evidence.add("stalled task: " + task.tid() + " " + task.name());
                for (String frame : task.stack()) {
                    evidence.add("    " + frame);
                }
            }
        } catch (KpatchException e) { // which keeps nothing from being reverted
            evidence.add("the stalled tasks could not be looked at: " + e.sentence());
        }
        return new KpatchException(
                Failure.STALLED,
                new Sentence(
                        name + ": the transition stalled: after " + limit.toSeconds()
                                + " seconds there are still tasks that have not switched; " + sequel.message(),
                        sequel.hint()),
                evidence,
                null);
    }

    /** The state of a task in a transition is for root alone. */
    private boolean mayLookAtTasks() {
        return host.machine().userId() == 0;
    }

    private Optional<Outcome> outcome() {
        Optional<LoadedPatch> patch = patches.patch(name);
        if (patch.isEmpty()) {
            return Optional.of(Outcome.DISABLED); // since 5.1 a disabled patch has no directory
        }
        return switch (patch.get().state()) {
            case ENABLED -> Optional.of(Outcome.ENABLED);
            case DISABLED -> Optional.of(Outcome.DISABLED);
            case ENABLING, DISABLING -> Optional.empty();
        };
    }

    private void signal() {
        try {
            patches.signal(name);
        } catch (SystemCallException e) {
            progress.note(name + ": the stalled tasks could not be signalled (" + e.errnoName() + ")");
        }
    }
}
