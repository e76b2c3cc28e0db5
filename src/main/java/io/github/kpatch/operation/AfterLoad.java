// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
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
    private final ModuleName name;

    AfterLoad(Host host, Progress progress, PatchInterface patches, ModuleName name) {
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
        host.machine().kernelLog().record("loaded patch module " + name + Caller.suffix(host));
        if (!waiting.waits() && isInTransition()) {
            progress.note(name + ": not waiting for the transition; 'kpatch wait' does, and 'kpatch list' shows it");
            return;
        }
        TransitionWait transition = new TransitionWait(host, progress, patches, name);
        TransitionWait.Outcome outcome;
        try (var watch = host.machine()
                .interrupts()
                .onInterrupt(() -> progress.interrupted(name + ": interrupted; it is loaded and its transition goes on,"
                        + " which 'kpatch wait' waits for; 'kpatch unload " + name + "' reverts it"))) {
            outcome = transition.await(waiting.limit());
        }
        switch (outcome) {
            case ENABLED -> complete(before);
            case DISABLED ->
                throw new KpatchException(
                        Failure.FAILED,
                        name + ": was disabled while it was being loaded, and not by this kpatch; load it once more");
            case STALLED -> stalled(transition, before, waiting);
        }
    }

    private void complete(List<LoadedPatch> before) {
        tellPending();
        removeReplaced(before);
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
                    "it stays loaded and its transition goes on; 'kpatch wait' waits on, 'kpatch unload " + name
                            + "' reverts it");
        }
        KpatchException reverted =
                transition.stalled(limit, true, "the load was reverted; find what keeps those tasks and try again");
        if (patches.patch(name).filter(p -> p.state() == PatchState.ENABLED).isPresent()) {
            complete(before); // it came to its end while the tasks were looked at; there is nothing to revert
            return;
        }
        revert(new KpatchException(reverted.kind(), name + ": the transition stalled, so its load has to be reverted"));
        throw reverted;
    }

    /** Reverses the transition and removes the module; what fails here is told beside the stall. */
    private void revert(KpatchException stall) {
        try {
            progress.disabling(name);
            patches.setEnabled(name, false);
            TransitionWait back = new TransitionWait(host, progress, patches, name);
            if (back.await(Waiting.USUAL.limit()) != TransitionWait.Outcome.DISABLED) {
                throw back.stalled(
                        Waiting.USUAL.limit(), false, "so its load could not be reverted; 'kpatch force' ends it");
            }
            progress.unloading(name);
            new ModuleRemoval(host, progress).remove(name, patches.releasesReferences());
            host.machine().kernelLog().record("unloaded patch module " + name + ", whose transition stalled");
        } catch (SystemCallException e) {
            progress.failed(stall);
            throw new KernelSays(host.kernel()).toSwitch(name.toString(), e, List.of());
        } catch (KpatchException e) {
            progress.failed(stall);
            throw e;
        }
    }

    private void removeReplaced(List<LoadedPatch> before) {
        for (LoadedPatch old : before) {
            // the kernel takes a replaced patch's directory away a little after the transition
            boolean replaced = !old.name().equals(name)
                    && old.state() != PatchState.DISABLED
                    && patches.patch(old.name())
                            .filter(p -> p.state() != PatchState.DISABLED)
                            .isEmpty();
            if (replaced && host.modules().find(old.name()).isPresent()) {
                removeReplaced(old.name());
            }
        }
    }

    private void removeReplaced(ModuleName old) {
        try {
            new ModuleRemoval(host, progress).remove(old, patches.releasesReferences());
            progress.note("patch module " + old + " was replaced by " + name + " and removed");
        } catch (KpatchException e) {
            progress.note(
                    "patch module " + old + " was replaced by " + name + ", but is still in memory: " + e.sentence());
        }
    }

    private boolean isInTransition() {
        return patches.patch(name).filter(p -> p.state().inTransition()).isPresent();
    }
}
