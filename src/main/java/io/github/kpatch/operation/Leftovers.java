// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.KernelModule;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.Lock;
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
     * Those that a patch module has replaced.
     *
     * @param before the patch modules that were there before its transition ended
     */
    List<ModuleName> replaced(List<LoadedPatch> before, ModuleName by, PatchInterface patches) {
        List<ModuleName> replaced = new ArrayList<>();
        for (LoadedPatch old : before) {
            // the kernel takes a replaced patch's directory away a little after the transition
            boolean isInEffect = patches.patch(old.name())
                    .filter(p -> p.state() != PatchState.DISABLED)
                    .isPresent();
            if (!old.name().equals(by)
                    && old.state() != PatchState.DISABLED
                    && !isInEffect
                    && host.modules().find(old.name()).isPresent()) {
                replaced.add(old.name());
            }
        }
        return replaced;
    }

    /** Removes what a patch module has replaced; what stays is told. Call it with the kernel's lock held. */
    void removeReplaced(List<ModuleName> replaced, ModuleName by, PatchInterface patches) {
        for (ModuleName name : replaced) {
            remove(name, "was replaced by " + by, patches.releasesReferences());
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
                remove(name, "was in effect no more", false);
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

    private void remove(ModuleName name, String why, boolean patient) {
        try {
            new ModuleRemoval(host, progress).remove(name, patient);
            progress.note("patch module " + name + " " + why + " and removed");
        } catch (KpatchException e) {
            progress.note("patch module " + name + " " + why + ", but is still in memory: " + e.sentence());
        }
    }
}
