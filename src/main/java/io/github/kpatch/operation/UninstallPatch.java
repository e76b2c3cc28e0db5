// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import java.nio.file.Path;
import java.util.Optional;

/** Removes a patch module from the install DB; what is loaded stays loaded. */
public final class UninstallPatch {
    private final Host host;
    private final Progress progress;

    public UninstallPatch(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /**
     * Uninstalls the module of that name.
     *
     * @param kernelVersion the kernel it is installed for; by default the running one
     * @param root another root to remove it from
     */
    public void uninstall(String name, Optional<String> kernelVersion, Optional<Path> root) {
        if (name.indexOf('/') >= 0) {
            throw new KpatchException(
                    Failure.REFUSED, name + ": is a path, and uninstall takes a name as 'kpatch list' shows it");
        }
        InstallDb db = root.map(host::dbUnder).orElse(host.db());
        String version = kernelVersion.orElseGet(() -> host.kernel().version());
        ModuleLookup lookup = new ModuleLookup(db, version);
        if (lookup.installed(name).isEmpty()) {
            throw notInstalled(name, version);
        }
        try (Lock lock = host.lockDb(db, progress)) {
            db.removeUnfinished();
            InstalledModule module = lookup.installed(name).orElseThrow(() -> notInstalled(name, version));
            progress.uninstalling(module.name(), version);
            db.remove(module);
        }
    }

    private static KpatchException notInstalled(String name, String version) {
        return new KpatchException(
                Failure.NO_SUCH_MODULE,
                name + ": no such patch module is installed for kernel " + version
                        + "; 'kpatch list' shows those that are");
    }
}
