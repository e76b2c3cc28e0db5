// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import java.util.ArrayList;
import java.util.List;

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
            for (InstalledModule module : modules) {
                try {
                    load.load(module.file(), waiting);
                } catch (KpatchException e) {
                    progress.failed(e);
                    failed.add(module.fileName());
                }
            }
        }
        Summary.failIfAny(failed, modules.size(), "loaded");
    }
}
