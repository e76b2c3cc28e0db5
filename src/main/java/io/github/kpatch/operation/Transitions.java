// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.Lock;
import java.util.List;
import java.util.Optional;

/** The transition that runs, of which a kernel has one at a time: waited for, signalled, or forced to its end. */
public final class Transitions {
    private final Host host;
    private final Progress progress;

    public Transitions(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** Waits for the transition that runs, and removes what it leaves in memory; fails if it stalls. */
    public void await(Waiting waiting) {
        Optional<Running> found = find();
        if (found.isPresent()) {
            await(found.get(), waiting);
        } else {
            progress.note("no transition is running");
        }
        new Leftovers(host, progress).sweep();
    }

    private void await(Running running, Waiting waiting) {
        ModuleName name = running.patch().name();
        List<LoadedPatch> before = running.patches().patches();
        TransitionWait transition = new TransitionWait(host, progress, running.patches(), name);
        TransitionWait.Outcome outcome;
        try (var watch = host.machine()
                .interrupts()
                .onInterrupt(() -> progress.interrupted(
                        name + ": interrupted; its transition goes on, which 'kpatch wait' waits for"))) {
            outcome = transition.await(waiting.limit());
        }
        switch (outcome) {
            case ENABLED -> {
                endedAs("enabled", running.isEnabling(), name);
                removeLeftovers(before, running, "was replaced by " + name);
            }
            case DISABLED -> {
                endedAs("disabled", !running.isEnabling(), name);
                removeLeftovers(before, running, "was disabled");
            }
            case STALLED ->
                throw transition.stalled(
                        waiting.limit(),
                        running.isEnabling(),
                        Sentence.of(
                                "it goes on",
                                "'kpatch unload " + name + "' takes the module out, 'kpatch force' ends it by force"));
        }
    }

    /** A transition that somebody reversed is not what a script waits for that has loaded or unloaded a module. */
    private void endedAs(String state, boolean asBegun, ModuleName name) {
        if (!asBegun) {
            throw new KpatchException(
                    Failure.FAILED,
                    name + ": is " + state + ", as its transition was reversed while it was waited for",
                    "'kpatch list' shows what is loaded");
        }
        progress.note("patch module " + name + " is " + state);
    }

    /** Does what a load or unload that did not see the end of its transition left undone. */
    private void removeLeftovers(List<LoadedPatch> before, Running running, String why) {
        Leftovers leftovers = new Leftovers(host, progress);
        if (host.kernel().mayChangeModules()
                && !leftovers.after(before, running.patches()).isEmpty()) {
            try (Lock lock = host.lockKernel(progress)) {
                leftovers.remove(leftovers.after(before, running.patches()), why, running.patches());
            }
        }
    }

    /** Pokes the tasks that stall the transition. */
    public void signal() {
        host.requirePrivilege("signal");
        Optional<Running> found = find();
        if (found.isEmpty()) {
            progress.note("no transition is running");
            return;
        }
        Running running = found.get();
        ModuleName name = running.patch().name();
        try {
            progress.note(
                    running.patches().signal(name)
                            ? name + ": the tasks that stall its transition were signalled"
                            : name + ": this kernel signals the tasks that stall a transition by itself, every 15"
                                    + " seconds; there is nothing to do");
        } catch (SystemCallException e) {
            throw new KernelSays(host.kernel()).toSwitch(name.toString(), e, List.of());
        }
    }

    /**
     * Ends the transition by force.
     *
     * @param confirmed whether the user has said to know what that costs
     */
    public void force(boolean confirmed) {
        host.requirePrivilege("force");
        Running running = find().orElseThrow(() ->
                new KpatchException(Failure.REFUSED, "force: no transition is running, so there is nothing to force"));
        ModuleName name = running.patch().name();
        if (!confirmed) {
            throw new KpatchException(
                    Failure.REFUSED,
                    "force: switches all tasks to the new state of " + name
                            + " without knowing them safe, which may crash the machine, and the kernel may then"
                            + " refuse to remove the module until the next boot",
                    "if that is wanted, say --yes");
        }
        Audit audit = new Audit(host, progress);
        Change change = Change.of(Change.Action.FORCE, name, host);
        audit.begins(change);
        audit.watch(change, () -> force(running));
        audit.done(change);
        progress.note(name + ": the transition was forced; the kernel may refuse to remove the module until the next"
                + " boot");
        if (new TransitionWait(host, progress, running.patches(), name).await(Waiting.USUAL.limit())
                == TransitionWait.Outcome.STALLED) {
            throw new KpatchException(
                    Failure.STALLED,
                    name + ": the transition goes on although it was forced",
                    "'kpatch wait' waits on");
        }
    }

    private void force(Running running) {
        ModuleName name = running.patch().name();
        try (KernelLog.Listener log = host.machine().kernelLog().listen()) {
            try {
                running.patches().force(name);
            } catch (SystemCallException e) {
                throw new KernelSays(host.kernel()).toSwitch(name.toString(), e, log.lines());
            }
        }
    }

    private record Running(PatchInterface patches, LoadedPatch patch) {
        boolean isEnabling() {
            return patch.state() == PatchState.ENABLING;
        }
    }

    private Optional<Running> find() {
        return host.patchInterface()
                .flatMap(patches -> patches.inTransition().map(patch -> new Running(patches, patch)));
    }
}
