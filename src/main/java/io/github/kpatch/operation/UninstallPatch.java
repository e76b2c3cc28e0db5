// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import java.nio.file.Path;
import java.util.List;
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
     * @param kernelVersion the kernel it is installed for; by default the running one, and under another root, where
     *     none runs, the one that has it
     * @param root another root to remove it from
     */
    public void uninstall(String name, Optional<String> kernelVersion, Optional<Path> root) {
        ModuleLookup.requireName(name, "uninstall");
        InstallDb db = root.map(host::dbUnder).orElse(host.db());
        ModuleLookup lookup = new ModuleLookup(
                host, db, kernelVersion.orElseGet(() -> host.kernel().version()));
        boolean anyKernel = root.isPresent() && kernelVersion.isEmpty();
        find(name, lookup, anyKernel); // first, as the lock makes the DB where there is none
        try (Lock lock = host.lockDb(db, progress)) {
            db.removeUnfinished();
            InstalledModule module = find(name, lookup, anyKernel);
            progress.uninstalling(module.name(), module.kernelVersion());
            boolean early = db.records().early(module.kernelVersion()).remove(module.fileName());
            if (root.isPresent()) {
                remove(db, module);
            } else {
                Audit audit = new Audit(host, progress);
                Change change = Change.of(Change.Action.UNINSTALL, module.name(), module.kernelVersion());
                audit.watch(change, () -> remove(db, module));
                audit.done(change);
            }
            if (early) {
                leaveInitramfs(module, root);
            }
        }
    }

    private void remove(InstallDb db, InstalledModule module) {
        db.records().fingerprints(module.kernelVersion()).remove(module.fileName());
        db.remove(module);
        new BootGuard(host, db, module.kernelVersion()).lift(module.fileName());
        db.records().onHold(module.kernelVersion()).remove(module.fileName());
    }

    private void leaveInitramfs(InstalledModule module, Optional<Path> root) {
        if (root.isPresent()) {
            progress.note("the initramfs of kernel " + module.kernelVersion() + " below " + root.get()
                    + " still has it; make that again there");
        } else {
            new EarlyBoot(host, progress)
                    .makeInitramfs(
                            module.kernelVersion(),
                            module.name()
                                    + " is uninstalled, but still in the initramfs, from which it is loaded at boot");
        }
    }

    private static InstalledModule find(String name, ModuleLookup lookup, boolean anyKernel) {
        Optional<InstalledModule> module = anyKernel ? theOnly(name, lookup) : lookup.installed(name);
        return module.orElseThrow(() -> lookup.notInstalled(name));
    }

    private static Optional<InstalledModule> theOnly(String name, ModuleLookup lookup) {
        List<InstalledModule> modules = lookup.installedForAny(name);
        if (modules.size() > 1) {
            throw new KpatchException(
                    Failure.REFUSED,
                    name + ": is installed for " + modules.size() + " kernels; say with -k for which to uninstall it");
        }
        return modules.stream().findFirst();
    }
}
