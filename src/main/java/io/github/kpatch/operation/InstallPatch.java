// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.Fingerprints;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Copies a patch module into the install DB, from where it is loaded at boot. */
public final class InstallPatch {
    private final Host host;
    private final Progress progress;

    public InstallPatch(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /**
     * Installs the patch module that an argument means.
     *
     * @param kernelVersion the kernel to install it for; by default the running one, under another root the one it is
     *     built for
     * @param root another root to install it into, such as that of an image
     * @param early whether it is loaded from the initramfs, which is made again for that
     */
    public void install(String argument, Optional<String> kernelVersion, Optional<Path> root, boolean early) {
        EarlyBoot earlyBoot = new EarlyBoot(host, progress);
        if (early) {
            earlyBoot.requireMaker();
        }
        InstallDb db = root.map(host::dbUnder).orElse(host.db());
        Examined examined = examine(argument, kernelVersion, db, root.isEmpty()); // first, as the lock makes the DB
        ModuleFile file = examined.file();
        InstalledModule installed;
        try (Lock lock = host.lockDb(db, progress)) {
            db.removeUnfinished();
            installed = install(db, examined.version(), file, root.isEmpty());
            if (!db.holds(file.path())) {
                db.records()
                        .advisories(examined.version())
                        .write(installed.fileName(), examined.beside(), file.sha256());
            }
        }
        if (root.isEmpty()) {
            relabel(installed.file());
            enableService();
        }
        if (early) {
            loadEarly(db, installed, earlyBoot);
        }
    }

    /** Whether installing it would change anything: fails as that would, and touches nothing. */
    public boolean wouldInstall(String argument, Optional<String> kernelVersion, Optional<Path> root) {
        InstallDb db = root.map(host::dbUnder).orElse(host.db());
        Examined examined = examine(argument, kernelVersion, db, root.isEmpty());
        String version = examined.version();
        String fileName = fileName(examined.file());
        if (isInstalled(db, version, examined.file(), fileName)) {
            return false;
        }
        db.requireFree(db.module(version, fileName));
        progress.note(examined.file().module().name() + " would be installed for kernel " + version);
        return true;
    }

    /** A module that is fit to be installed for a kernel, and what lies beside it. */
    private record Examined(ModuleFile file, String version, Optional<String> beside) {}

    private Examined examine(String argument, Optional<String> kernelVersion, InstallDb db, boolean ours) {
        ModuleFile file = host.files().read(path(argument, kernelVersion, db));
        if (ours) {
            PatchFit.requireArchitecture(file, host.machine());
        }
        String version =
                kernelVersion.orElseGet(() -> ours ? host.kernel().version() : PatchFit.kernelVersion(file.module()));
        PatchFit.requireKernel(file, version, kernelVersion.isPresent() ? "the wanted" : "the running");
        db.checkSafe(version);
        return new Examined(file, version, host.files().beside(file.path()).map(PatchFiles.Beside::text));
    }

    private void loadEarly(InstallDb db, InstalledModule installed, EarlyBoot earlyBoot) {
        try (Lock lock = host.lockDb(db, progress)) {
            new BootGuard(host, db, installed.kernelVersion()).requireNotHeld(installed);
            if (db.records().isOnHold(installed)) {
                throw new KpatchException(
                        Failure.REFUSED,
                        installed.name() + ": is on hold, and so not loaded early either",
                        "'kpatch unhold -k " + installed.kernelVersion() + " " + installed.name() + "' first");
            }
            db.records().early(installed.kernelVersion()).add(installed.fileName());
            earlyBoot.makeInitramfs(
                    installed.kernelVersion(), installed.name() + " is installed, but not in the initramfs");
        }
    }

    private InstalledModule install(InstallDb db, String version, ModuleFile file, boolean ours) {
        String fileName = fileName(file);
        InstalledModule installed = db.module(version, fileName);
        if (isInstalled(db, version, file, fileName)) {
            return installed; // without a record, if others put it there: they may change it
        }
        if (ours) {
            Audit audit = new Audit(host, progress);
            Change change = Change.of(Change.Action.INSTALL, file, version);
            audit.watch(change, () -> store(db, installed, file));
            audit.done(change);
        } else {
            store(db, installed, file);
        }
        return installed;
    }

    private void store(InstallDb db, InstalledModule module, ModuleFile file) {
        String version = module.kernelVersion();
        String fileName = module.fileName();
        db.requireFree(module);
        progress.installing(file.path(), version);
        Fingerprints fingerprints = db.records().fingerprints(version);
        fingerprints.remove(fileName); // of a file that is gone; a crash from here on leaves this one without
        db.install(version, fileName, file.content());
        try {
            fingerprints.write(fileName, file.sha256());
        } catch (KpatchException e) {
            try {
                db.remove(module);
            } catch (KpatchException undo) {
                e.addSuppressed(undo);
            }
            throw e;
        }
        new BootGuard(host, db, version).lift(fileName);
        db.records().onHold(version).remove(fileName); // which was for one that is gone
    }

    private Path path(String argument, Optional<String> kernelVersion, InstallDb db) {
        Optional<Path> file = ModuleLookup.asFile(db, argument);
        if (file.isPresent()) {
            return file.get(); // an image may be made where no kernel's version is to be had
        }
        ModuleLookup lookup = new ModuleLookup(
                host, db, kernelVersion.orElseGet(() -> host.kernel().version()));
        return lookup.file(argument).orElseThrow(() -> lookup.noSuchModule(argument));
    }

    /**
     * Whether the same module is installed by that file name; a different one of its own name is refused. By another
     * file name it is installed once more: a package that has renamed its file uninstalls the old one afterwards.
     */
    private boolean isInstalled(InstallDb db, String version, ModuleFile file, String fileName) {
        ModuleName name = file.module().name();
        boolean installed = false;
        for (InstalledModule module : db.modules(version)) {
            Optional<ModuleFile> there = host.files().readIfNamed(module.file(), name);
            if (there.isPresent() && !Arrays.equals(there.get().content(), file.content())) {
                throw new KpatchException(
                        Failure.REFUSED,
                        file.path() + ": another patch module named " + name + " is installed for kernel " + version
                                + " (" + module.file() + ")",
                        "uninstall that first");
            }
            installed |= there.isPresent() && module.fileName().equals(fileName);
        }
        if (installed) {
            progress.note(name + " is already installed for kernel " + version);
        }
        return installed;
    }

    /** The name in the DB: the file's own, without what it was compressed by, and always with {@code .ko}. */
    private static String fileName(ModuleFile file) {
        String name = String.valueOf(file.path().getFileName());
        int suffix = name.lastIndexOf(".ko");
        if (suffix > 0 && (name.length() == suffix + 3 || name.charAt(suffix + 3) == '.')) {
            name = name.substring(0, suffix);
        }
        if (ModuleName.parse(name).isEmpty() || name.startsWith(".")) {
            throw new KpatchException(
                    Failure.REFUSED,
                    file.path() + ": its file name is not fit for the install DB",
                    "rename it to " + file.module().name() + ".ko");
        }
        return name + ".ko";
    }

    /** Gives the copy the label that the SELinux policy has for its path; without it, the kernel may not read it. */
    private void relabel(Path file) {
        if (!Files.exists(host.machine().roots().selinuxEnforce())) {
            return;
        }
        var outcome = host.machine().programs().run("restorecon", file.toString());
        if (outcome.filter(o -> o.status() == 0).isEmpty()) {
            progress.note(file + ": could not be given its SELinux label ("
                    + outcome.map(o -> o.output()).orElse("restorecon is not installed")
                    + "); if loading it is denied, run 'chcon -t modules_object_t' on it");
        }
    }

    /**
     * Has the modules loaded at boot, where an image is being made as well, in which systemd is not running. A machine
     * that boots otherwise, or a service that is masked, is no failure.
     */
    private void enableService() {
        var outcome = host.machine().programs().run("systemctl", "enable", "kpatch.service");
        if (outcome.filter(o -> o.status() == 0).isEmpty()) {
            progress.note("kpatch.service could not be enabled ("
                    + outcome.map(o -> o.output()).orElse("systemctl is not installed")
                    + "); without it nothing is loaded at boot");
        }
    }
}
