// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.store.BootRecord;
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

    /**
     * Loads what can be loaded, in version order, and fails at the end if something could not.
     *
     * @param boot whether this is part of a boot that is not complete, and may go wrong
     */
    public void loadAll(Waiting waiting, boolean boot) {
        host.requirePrivilege("load");
        String version = host.kernel().version();
        host.db().checkSafe(version);
        cleanUp();
        List<InstalledModule> modules = host.db().modules(version);
        if (modules.isEmpty()) {
            progress.note("no patch module is installed for kernel " + version);
            return;
        }
        List<Optional<PatchModule>> contents = contents(modules);
        BootGuard guard = new BootGuard(host, host.db(), version);
        List<Failed> failed = new ArrayList<>();
        int loaded = 0;
        try (Lock lock = host.lockKernel(progress)) {
            List<String> onHold = host.db().records().onHold(version).fileNames();
            for (int i = 0; i < modules.size(); i++) {
                InstalledModule module = modules.get(i);
                try {
                    if (!isLeftOut(module, contents.subList(i, contents.size()), onHold)) {
                        load(module, guard, waiting.with(isMore(modules.subList(i + 1, modules.size()), onHold)), boot);
                        loaded++;
                    }
                } catch (KpatchException e) {
                    progress.failed(e);
                    failed.add(new Failed(module, e));
                }
            }
            if (boot) {
                new Audit(host, progress)
                        .loadedAll(loaded, failed.stream().map(Failed::sentence).toList());
            }
        }
        Summary.failIfAny(failed, modules.size(), "loaded", progress);
    }

    /** A module that could not be loaded, which is named by its file. */
    private record Failed(InstalledModule module, KpatchException why) {
        /** Why, without the directory that all of them are in. */
        String sentence() {
            return why.sentence().replace(module.directory() + "/", "");
        }

        @Override
        public String toString() {
            return module.fileName();
        }
    }

    /** Whether a module is not to be loaded, which is told, and is no failure. */
    private boolean isLeftOut(InstalledModule module, List<Optional<PatchModule>> fromIt, List<String> onHold) {
        if (onHold.contains(module.fileName())) {
            progress.note(
                    module.name() + " is on hold and not loaded; 'kpatch unhold " + module.name() + "' ends that");
            return true;
        }
        Optional<ModuleName> newer = Superseded.by(host.patchInterface(), fromIt);
        newer.ifPresent(name -> progress.note(module.fileName() + ": is not loaded, as " + name
                + ", which is newer and takes its place, is loaded already"));
        return newer.isPresent();
    }

    private static boolean isMore(List<InstalledModule> modules, List<String> onHold) {
        return modules.stream().anyMatch(module -> !onHold.contains(module.fileName()));
    }

    private void load(InstalledModule module, BootGuard guard, Waiting waiting, boolean boot) {
        VerifyModules.requireUnchanged(host.db(), module);
        if (host.db().records().isEarly(module)) { // and so past the guard, if it was loaded then
            new LoadPatch(host, progress).load(module.file(), waiting);
            return;
        }
        guard.requireNotHeld(module);
        Optional<BootRecord> trial = boot ? begin(module, guard) : Optional.empty();
        try {
            new LoadPatch(host, progress).load(module.file(), waiting);
        } catch (KpatchException e) { // which is no crash, so nothing is held against the module
            trial.ifPresent(record -> guard.lift(record.fileName()));
            throw e;
        }
        trial.ifPresent(guard::isThrough);
    }

    /** Where there can be no record, it is loaded without: a machine in such a state is the more in need of its patches. */
    private Optional<BootRecord> begin(InstalledModule module, BootGuard guard) {
        try {
            return Optional.of(guard.begins(module));
        } catch (KpatchException e) {
            progress.failed(e);
            return Optional.empty();
        }
    }

    /** Removes what a crash left half-written in the install DB; that it cannot be keeps nothing from being loaded. */
    private void cleanUp() {
        if (!host.db().hasUnfinished()) {
            return;
        }
        try (Lock lock = host.lockDb(host.db(), progress)) {
            host.db().removeUnfinished();
        } catch (KpatchException e) {
            progress.note(e.sentence());
        }
    }

    /** What is in the files, where there is more than one to compare; empty for one that cannot be read. */
    private List<Optional<PatchModule>> contents(List<InstalledModule> modules) {
        List<Optional<PatchModule>> contents = new ArrayList<>(modules.size());
        for (InstalledModule module : modules) {
            contents.add(modules.size() == 1 ? Optional.empty() : content(module));
        }
        return contents;
    }

    private Optional<PatchModule> content(InstalledModule module) {
        try {
            return host.files().readable(module.file()).map(ModuleFile::module);
        } catch (KpatchException e) {
            return Optional.empty(); // why not, is told when it is to be loaded
        }
    }
}
