// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads every patch module that is installed for the running kernel, as at boot. */
public final class LoadAll {
    private final Host host;
    private final Progress progress;

    public LoadAll(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** Loads what can be loaded, in version order, and fails at the end if something could not. */
    public void loadAll(Waiting waiting) {
        host.requirePrivilege("load");
        String version = host.kernel().version();
        host.db().checkSafe(version);
        List<InstalledModule> modules = host.db().modules(version);
        if (modules.isEmpty()) {
            progress.note("no patch module is installed for kernel " + version);
            return;
        }
        LoadPatch load = new LoadPatch(host, progress);
        List<String> failed = new ArrayList<>();
        try (Lock lock = host.lockKernel(progress)) {
            for (int i = 0; i < modules.size(); i++) {
                InstalledModule module = modules.get(i);
                try {
                    Optional<ModuleName> newer = inEffectInstead(module, modules.subList(i + 1, modules.size()));
                    if (newer.isPresent()) {
                        progress.note(module.fileName() + ": is not loaded, as " + newer.get()
                                + ", which is newer and cumulative, is loaded already");
                        continue;
                    }
                    load.load(module.file(), waiting.with(i + 1 < modules.size()));
                } catch (KpatchException e) {
                    progress.failed(e);
                    failed.add(module.fileName());
                }
            }
        }
        Summary.failIfAny(failed, modules.size(), "loaded");
    }

    /**
     * The loaded module over which this one must not be put: when all are loaded a second time, an older one that a
     * newer has replaced would come back on top of it.
     */
    private Optional<ModuleName> inEffectInstead(InstalledModule older, List<InstalledModule> newer) {
        Optional<PatchInterface> patches = host.patchInterface();
        if (patches.isEmpty() || patches.get().names().isEmpty()) {
            return Optional.empty();
        }
        Optional<ModuleName> name =
                PatchFile.readable(older.file()).map(file -> file.module().name());
        if (name.isEmpty() || patches.get().patch(name.get()).isPresent()) {
            return Optional.empty();
        }
        for (InstalledModule module : newer) {
            Optional<ModuleName> replacing = PatchFile.readable(module.file())
                    .filter(file -> file.module().replace().orElse(true)) // kpatch-build's tell it to the kernel alone
                    .map(file -> file.module().name());
            if (replacing
                    .flatMap(patches.get()::patch)
                    .filter(p -> p.state() == PatchState.ENABLED || p.state() == PatchState.ENABLING)
                    .isPresent()) {
                return replacing;
            }
        }
        return Optional.empty();
    }
}
