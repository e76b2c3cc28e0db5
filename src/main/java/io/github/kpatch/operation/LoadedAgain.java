// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Errno;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.Lock;
import java.util.Optional;

/** A load of what the kernel knows already: nothing to do, a transition to wait for, or a patch to enable again. */
final class LoadedAgain {
    private final Host host;
    private final Progress progress;

    LoadedAgain(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** Enables a loaded patch module by its name alone: there is no file, so it is what it is. */
    void enable(String argument, Waiting waiting) {
        try (Lock lock = host.lockKernel(progress)) {
            Optional<PatchInterface> patches = host.patchInterface();
            Optional<LoadedPatch> patch =
                    ModuleName.fromArgument(argument).flatMap(n -> patches.flatMap(p -> p.patch(n)));
            if (patch.isEmpty() || !enable(patches.get(), patch.get(), waiting)) {
                throw new ModuleLookup(host, host.db(), host.kernel().version()).noSuchModule(argument);
            }
        }
    }

    /** Refuses a file whose name is that of a loaded patch module, if they are not the same. */
    void requireSame(ModuleFile file, PatchInterface patches) {
        Optional<Sentence> conflict = new Identity(host, file, patches).conflict();
        if (conflict.isPresent()) {
            throw new KpatchException(Failure.REFUSED, conflict.get().about(file.path()));
        }
    }

    /**
     * Brings a patch module that the kernel knows to be enabled.
     *
     * @return false if it has to be removed and loaded anew, as since 5.1 a disabled one cannot be enabled
     */
    boolean enable(PatchInterface patches, LoadedPatch patch, Waiting waiting) {
        ModuleName name = patch.name();
        Change change = Change.of(Change.Action.ENABLE, name, host);
        AfterLoad after = new AfterLoad(host, progress, patches, change, name);
        if (patch.state() == PatchState.ENABLED) {
            progress.note("patch module " + name + " is already loaded and enabled");
            after.tellPending();
            return true;
        }
        if (patch.state() != PatchState.ENABLING && !switchOn(patches, name)) {
            return false;
        }
        after.finish(patches.patches(), waiting);
        return true;
    }

    private boolean switchOn(PatchInterface patches, ModuleName name) {
        progress.note("patch module " + name + " is loaded but disabled; enabling it again");
        try (var watch = host.machine()
                        .interrupts()
                        .onInterrupt(() -> progress.interrupted(name + ": interrupted before it was enabled, while the"
                                + " kernel was busy; 'kpatch list' shows its state"));
                KernelLog.Listener log = host.machine().kernelLog().listen()) {
            try {
                Retry.whileBusy(host.machine().clock(), () -> patches.setEnabled(name, true));
                return true;
            } catch (SystemCallException e) {
                if (e.errno() == Errno.EINVAL || e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV) {
                    return false;
                }
                throw new KernelSays(host.kernel()).toSwitch(name.toString(), e, log.lines());
            }
        }
    }
}
