// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.module.ModuleName;
import java.time.Duration;
import java.util.List;

/** From the moment the kernel has taken a patch module to the end of its transition, and what is left to do then. */
final class AfterLoad {
    private final Host host;
    private final Progress progress;
    private final PatchInterface patches;
    private final Change change;
    private final ModuleName name;

    /** @param change what is being done, for the record */
    AfterLoad(Host host, Progress progress, PatchInterface patches, Change change, ModuleName name) {
        this.change = change;
        this.host = host;
        this.progress = progress;
        this.patches = patches;
        this.name = name;
    }

    /**
     * Waits for the transition; reverts the load if it stalls and that is wanted; removes what was replaced.
     *
     * @param before the patch modules that were there before the load
     */
    void finish(List<LoadedPatch> before, Waiting waiting) {
        if (!waiting.waits() && isInTransition()) {
            leaveTransitionGoingOn();
            progress.note(name + ": not waiting for the transition; 'kpatch wait' does, and 'kpatch list' shows it");
            return;
        }
        TransitionWait transition = new TransitionWait(host, progress, patches, name);
        TransitionWait.Outcome outcome;
        try (var watch = host.machine().interrupts().onInterrupt(() -> {
            leaveTransitionGoingOn();
            progress.interrupted(name + ": interrupted; it is loaded and its transition goes on, which 'kpatch"
                    + " wait' waits for; 'kpatch unload " + name + "' reverts it");
        })) {
            outcome = transition.await(waiting.limit());
        }
        switch (outcome) {
            case ENABLED -> complete(before);
            case DISABLED ->
                throw new KpatchException(
                        Failure.FAILED,
                        name + ": was disabled while it was being loaded, and not by this kpatch",
                        "load it once more");
            case STALLED -> stalled(transition, before, waiting);
        }
    }

    private void complete(List<LoadedPatch> before) {
        new Audit(host, progress).done(change);
        tellPending();
        Leftovers leftovers = new Leftovers(host, progress);
        leftovers.remove(leftovers.after(before, patches), "was replaced by " + name, patches);
    }

    /** Says which objects are not there to be patched yet. */
    void tellPending() {
        for (LoadedObject object : patches.objects(name)) {
            if (!host.isPatched(object)) {
                progress.note("the module " + object.name() + " is not loaded; what " + name
                        + " patches there takes effect when it is");
            }
        }
    }

    private void stalled(TransitionWait transition, List<LoadedPatch> before, Waiting waiting) {
        Duration limit = waiting.limit();
        if (waiting.onStall() == Waiting.OnStall.KEEP) {
            throw transition.stalled(
                    limit,
                    true,
                    Sentence.of(
                            "it stays loaded and its transition goes on",
                            "'kpatch wait' waits on, 'kpatch unload " + name + "' reverts it"));
        }
        KpatchException reverted = transition.stalled(
                limit, true, Sentence.of("the load was reverted", "find what keeps those tasks and try again"));
        if (patches.patch(name).filter(p -> p.state() == PatchState.ENABLED).isPresent()) {
            complete(before); // it came to its end while the tasks were looked at; there is nothing to revert
            return;
        }
        revert(
                new KpatchException(reverted.kind(), name + ": the transition stalled, so its load has to be reverted"),
                waiting.revertLimit());
        throw reverted;
    }

    /** Reverses the transition and removes the module; what fails here is told beside the stall. */
    private void revert(KpatchException stall, Duration limit) {
        try {
            switchBack(limit);
            progress.unloading(name);
            new ModuleRemoval(host, progress).remove(name, ModuleRemoval.patience(patches));
        } catch (SystemCallException e) {
            progress.failed(stall);
            throw new KernelSays(host.kernel()).toSwitch(name.toString(), e, List.of());
        } catch (KpatchException e) {
            progress.failed(stall);
            throw e;
        }
    }

    private void switchBack(Duration limit) throws SystemCallException {
        try (var watch = host.machine()
                .interrupts()
                .onInterrupt(() -> progress.interrupted(name + ": interrupted while its load is being reverted, which"
                        + " 'kpatch wait' waits for, to remove it then"))) {
            progress.disabling(name);
            patches.setEnabled(name, false);
            TransitionWait back = new TransitionWait(host, progress, patches, name);
            if (back.await(limit) != TransitionWait.Outcome.DISABLED) {
                throw back.stalled(
                        limit, false, Sentence.of("so its load could not be reverted", "'kpatch force' ends it"));
            }
        }
    }

    private void leaveTransitionGoingOn() {
        new Audit(host, progress).goesOn(change);
    }

    private boolean isInTransition() {
        return patches.patch(name).filter(p -> p.state().inTransition()).isPresent();
    }
}
