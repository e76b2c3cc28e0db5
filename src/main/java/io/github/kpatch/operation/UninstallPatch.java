// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import io.github.kpatch.store.Records;
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
            if (root.isPresent()) {
                progress.uninstalling(module.name(), module.kernelVersion());
                if (db.records().isEarly(module)) {
                    progress.note("the initramfs of kernel " + module.kernelVersion() + " below " + root.get()
                            + " still has it; make that again there");
                }
                remove(module, db);
            } else {
                uninstall(module);
            }
        }
    }

    /** Uninstalls a module of this machine with the lock held. */
    void uninstall(InstalledModule module) {
        progress.uninstalling(module.name(), module.kernelVersion());
        Optional<KpatchException> stays =
                host.db().records().isEarly(module) ? leaveInitramfs(module) : Optional.empty();
        removeOnRecord(module);
        if (stays.isPresent()) {
            throw stays.get();
        }
    }

    /** Uninstalls a module, and leaves its kernel's initramfs as it is: with the lock held. */
    void uninstallOnly(InstalledModule module) {
        progress.uninstalling(module.name(), module.kernelVersion());
        removeOnRecord(module);
    }

    private void removeOnRecord(InstalledModule module) {
        Audit audit = new Audit(host, progress);
        Change change = Change.of(Change.Action.UNINSTALL, module.name(), module.kernelVersion());
        audit.watch(change, () -> remove(module, host.db()));
        audit.done(change);
    }

    private void remove(InstalledModule module, InstallDb db) {
        Records records = db.records();
        records.early(module.kernelVersion()).remove(module.fileName());
        records.fingerprints(module.kernelVersion()).remove(module.fileName());
        records.advisories(module.kernelVersion()).remove(module.fileName());
        db.remove(module);
        records.onHold(module.kernelVersion()).remove(module.fileName());
        new BootGuard(host, db, module.kernelVersion()).lift(module.fileName());
    }

    /**
     * Has the initramfs made without the module while that is still installed: what is cut off here is done when it is
     * uninstalled once more. The failure, if it stays there.
     */
    private Optional<KpatchException> leaveInitramfs(InstalledModule module) {
        host.db().records().onHold(module.kernelVersion()).add(module.fileName()); // it is left out then
        try (var watch = host.machine()
                .interrupts()
                .onInterrupt(() -> progress.interrupted(module.name()
                        + ": interrupted; it is still installed, but on hold now: uninstall it once more, or 'kpatch"
                        + " unhold -k " + module.kernelVersion() + " " + module.name() + "'"))) {
            new EarlyBoot(host, progress)
                    .makeInitramfs(
                            module.kernelVersion(),
                            module.name()
                                    + " is uninstalled, but still in the initramfs, from which it is loaded at boot");
            return Optional.empty();
        } catch (KpatchException e) {
            return Optional.of(e);
        }
    }

    private static InstalledModule find(String name, ModuleLookup lookup, boolean anyKernel) {
        Optional<InstalledModule> module = anyKernel ? theOnly(name, lookup) : lookup.installed(name);
        return module.or(() -> lookup.missing(name)).orElseThrow(() -> lookup.notInstalled(name));
    }

    private static Optional<InstalledModule> theOnly(String name, ModuleLookup lookup) {
        List<InstalledModule> modules = lookup.installedForAny(name);
        if (modules.size() > 1) {
            throw new KpatchException(
                    Failure.REFUSED,
                    name + ": is installed for " + modules.size() + " kernels",
                    "say with -k for which to uninstall it");
        }
        return modules.stream().findFirst();
    }
}
