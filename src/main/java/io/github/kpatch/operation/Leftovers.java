// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.KernelModule;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.Lock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Patch modules that are in effect no more but still in memory, where they take room and keep their names: those that
 * another one replaced, and those that were disabled and never removed.
 */
final class Leftovers {
    private final Host host;
    private final Progress progress;

    Leftovers(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** Those of upstream livepatch: live modules with its taint for which sysfs has no patch. */
    static List<KernelModule> among(List<KernelModule> modules, Optional<PatchInterface> patches) {
        List<ModuleName> known = patches.map(PatchInterface::names).orElse(List.of());
        List<KernelModule> leftovers = new ArrayList<>();
        for (KernelModule module : modules) {
            if (module.livepatch() && module.state() == KernelModule.State.LIVE && !known.contains(module.name())) {
                leftovers.add(module);
            }
        }
        return leftovers;
    }

    /**
     * Those of some patch modules that have gone out of effect since: replaced, or disabled.
     *
     * @param before the patch modules as they were before a transition ended
     */
    List<ModuleName> after(List<LoadedPatch> before, PatchInterface patches) {
        List<ModuleName> leftovers = new ArrayList<>();
        for (LoadedPatch old : before) {
            // the kernel takes a patch's directory away a little after the transition
            boolean isInEffect = patches.patch(old.name())
                    .filter(p -> p.state() != PatchState.DISABLED)
                    .isPresent();
            if (old.state() != PatchState.DISABLED
                    && !isInEffect
                    && host.modules().find(old.name()).isPresent()) {
                leftovers.add(old.name());
            }
        }
        return leftovers;
    }

    /**
     * Removes them; what stays is told. Call it with the kernel's lock held.
     *
     * @param why what has become of them, as in {@code was disabled}
     */
    void remove(List<ModuleName> leftovers, String why, PatchInterface patches) {
        Polling all = new Polling(host.machine().clock(), ModuleRemoval.patience(patches));
        for (ModuleName name : leftovers) {
            remove(name, why, all.left());
        }
    }

    /** Removes what nothing holds any more; without the privilege it is only told that there is something. */
    void sweep() {
        if (unused().isEmpty()) {
            return;
        }
        if (!host.kernel().mayChangeModules()) {
            progress.note(
                    "patch modules that are in effect no more are still in memory; 'kpatch wait' removes them when"
                            + " root runs it");
            return;
        }
        try (Lock lock = host.lockKernel(progress)) {
            for (ModuleName name : unused()) {
                remove(name, "was in effect no more", Duration.ZERO);
            }
        }
    }

    /** A forced transition makes the kernel hold a module until the next boot: waiting for that is of no use. */
    private List<ModuleName> unused() {
        List<ModuleName> names = new ArrayList<>();
        for (KernelModule module : among(host.modules().all(), host.patchInterface())) {
            if (module.references() == 0) {
                names.add(module.name());
            }
        }
        return names;
    }

    private void remove(ModuleName name, String why, Duration patience) {
        String what = "patch module " + name + ", which " + why;
        try {
            new ModuleRemoval(host, progress).remove(name, patience);
            new Audit(host, progress)
                    .done(Change.of(Change.Action.UNLOAD, name, host).with("which " + why));
            progress.note(what + ", was removed");
        } catch (KpatchException e) {
            progress.note(what + ", is still in memory: " + e.sentence());
        }
    }
}
