// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.KernelModule;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.Lock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Unloads every patch module, from the top of the stack down, and what replaced ones left in memory. */
public final class UnloadAll {
    private final Host host;
    private final Progress progress;

    public UnloadAll(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    public void unloadAll(Waiting waiting) {
        host.requireRemoval();
        try (Lock lock = host.lockKernel(progress)) {
            UnloadPatch unload = new UnloadPatch(host, progress);
            List<ModuleName> names = topDown();
            List<ModuleName> left = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                ModuleName name = names.get(i);
                try {
                    unload.unload(name, waiting.with(i + 1 < names.size()));
                } catch (KpatchException e) {
                    if (e.kind() != Failure.NO_SUCH_MODULE) { // it may have gone with another, which is success
                        progress.failed(e);
                        left.add(name);
                    }
                }
            }
            if (names.isEmpty()) {
                progress.note("no patch module is loaded");
            }
            Summary.failIfAny(left, names.size(), "unloaded", progress);
        }
    }

    private List<ModuleName> topDown() {
        List<KernelModule> modules = host.modules().all();
        Optional<PatchInterface> patches = host.patchInterface();
        List<ModuleName> names = new ArrayList<>();
        Optional<LoadedPatch> inTransition = patches.flatMap(PatchInterface::inTransition);
        inTransition.ifPresent(
                patch -> names.add(patch.name())); // the kernel is busy with it: the others come after it
        for (LoadedPatch patch :
                patches.map(p -> PatchStack.topDown(p, modules)).orElse(List.of())) {
            if (!names.contains(patch.name())) {
                names.add(patch.name());
            }
        }
        for (KernelModule leftover : Leftovers.among(modules, patches)) {
            if (!names.contains(leftover.name())) {
                names.add(leftover.name());
            }
        }
        return names;
    }
}
