// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.KernelModule;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.Lock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Disables a patch module, waits for the transition, and removes it from the kernel. */
public final class UnloadPatch {
    /** What was disabled before has lost its last reference, unless a forced transition made the kernel keep it. */
    private static final Duration FOR_LEFTOVERS = Duration.ofSeconds(1);

    private final Host host;
    private final Progress progress;

    public UnloadPatch(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** Unloads the patch module that an argument means: a file, an installed module, or the name of a loaded one. */
    public void unload(String argument, Waiting waiting) {
        host.requireRemoval();
        ModuleName name = name(argument);
        try (Lock lock = host.lockKernel(progress)) {
            unload(name, waiting);
        }
    }

    /** Unloads a module with the lock held. */
    void unload(ModuleName name, Waiting waiting) {
        if (!isLoaded(name)) {
            throw new KpatchException(
                    Failure.NO_SUCH_MODULE,
                    name + ": no such patch module is loaded",
                    "'kpatch list' shows those that are");
        }
        Change change = Change.of(Change.Action.UNLOAD, name, host);
        Audit audit = new Audit(host, progress);
        audit.watch(change, () -> unload(name, change, audit, waiting));
    }

    private void unload(ModuleName name, Change change, Audit audit, Waiting waiting) {
        audit.begins(change);
        Optional<PatchInterface> patches = host.patchInterface();
        Optional<LoadedPatch> patch = patches.flatMap(p -> p.patch(name));
        if (patch.isPresent() && !disable(patches.get(), patch.get(), waiting)) {
            return;
        }
        progress.unloading(name);
        new ModuleRemoval(host, progress)
                .remove(name, patch.isPresent() ? ModuleRemoval.patience(patches.get()) : FOR_LEFTOVERS);
        audit.done(change);
    }

    /**
     * A file is meant first, unless it is broken or not loaded while something of that name is; then what is loaded,
     * whatever has become of its copy in the install DB; then what is installed.
     */
    private ModuleName name(String argument) {
        ModuleLookup lookup = new ModuleLookup(host, host.db(), host.kernel().version());
        Optional<ModuleName> loaded = ModuleName.fromArgument(argument).filter(this::isLoaded);
        Optional<Path> file = argument.isEmpty() ? Optional.empty() : ModuleLookup.asFile(host.db(), argument);
        if (loaded.isPresent()) {
            return file.flatMap(host.files()::readable)
                    .map(content -> content.module().name())
                    .filter(this::isLoaded)
                    .orElse(loaded.get());
        }
        Optional<Path> found = lookup.file(argument);
        if (found.isPresent()) {
            return host.files().read(found.get()).module().name();
        }
        return ModuleName.fromArgument(argument).orElseThrow(() -> lookup.noSuchModule(argument));
    }

    private boolean isLoaded(ModuleName name) {
        return host.patchInterface().flatMap(p -> p.patch(name)).isPresent()
                || host.modules().find(name).filter(KernelModule::livepatch).isPresent();
    }

    /** Disables a patch module; false if the transition goes on without being waited for. */
    private boolean disable(PatchInterface patches, LoadedPatch patch, Waiting waiting) {
        ModuleName name = patch.name();
        if (patch.state() == PatchState.ENABLED || patch.state() == PatchState.ENABLING) {
            progress.disabling(name);
            switchOff(patches, name);
        }
        if (!waiting.waits()
                && patches.patch(name).filter(p -> p.state().inTransition()).isPresent()) {
            new Audit(host, progress).goesOn(Change.of(Change.Action.DISABLE, name, host));
            progress.note(name + ": not waiting for the transition; 'kpatch wait' does, and removes the module then");
            return false;
        }
        TransitionWait transition = new TransitionWait(host, progress, patches, name);
        Duration limit = waiting.limit();
        TransitionWait.Outcome outcome;
        try (var watch = host.machine()
                .interrupts()
                .onInterrupt(() -> progress.interrupted(name + ": interrupted; it is being disabled, which 'kpatch"
                        + " wait' waits for, to remove it then"))) {
            outcome = transition.await(limit);
        }
        return switch (outcome) {
            case DISABLED -> true;
            case ENABLED ->
                throw new KpatchException(
                        Failure.FAILED,
                        name + ": was enabled again while it was being disabled",
                        "unload it once more");
            case STALLED ->
                throw transition.stalled(
                        limit,
                        false,
                        Sentence.of(
                                "it is still being disabled",
                                "'kpatch wait' waits on, and 'kpatch force' ends it by force"));
        };
    }

    private void switchOff(PatchInterface patches, ModuleName name) {
        try (var watch = host.machine()
                        .interrupts()
                        .onInterrupt(() -> progress.interrupted(name + ": interrupted before it was disabled, while the"
                                + " kernel was busy; 'kpatch list' shows its state"));
                KernelLog.Listener log = host.machine().kernelLog().listen()) {
            try {
                Retry.whileBusy(host.machine().clock(), () -> patches.setEnabled(name, false));
            } catch (SystemCallException e) {
                throw new KernelSays(host.kernel()).toSwitch(name.toString(), e, log.lines());
            }
        }
    }
}
