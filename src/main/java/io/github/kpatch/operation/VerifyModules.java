// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds what is installed against what was installed. */
public final class VerifyModules {
    private final Host host;
    private final Progress progress;

    public VerifyModules(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /**
     * Verifies every module that is installed, or was, tells what is so of each, and fails at the end if one has
     * changed or is gone.
     *
     * @param root another root whose install DB is meant
     */
    public void verify(Optional<Path> root) {
        InstallDb db = root.map(host::dbUnder).orElse(host.db());
        List<String> failed = new ArrayList<>();
        List<InstalledModule> modules = db.modules();
        for (InstalledModule module : modules) {
            try {
                boolean onRecord = requireUnchanged(db, module);
                progress.note(module.name() + " (" + module.kernelVersion() + "): "
                        + (onRecord ? "is as it was installed" : "there is no record of what it was"));
            } catch (KpatchException e) {
                if (e.kind() == Failure.NO_SUCH_MODULE) { // another process has just uninstalled it
                    progress.note(e.sentence());
                } else {
                    progress.failed(e);
                    failed.add(module.fileName());
                }
            }
        }
        List<InstalledModule> missing = db.missing();
        for (InstalledModule module : missing) {
            progress.failed(new KpatchException(
                    Failure.FAILED,
                    module.file() + ": kpatch installed it, and it is gone",
                    "find out who removed it, then install it anew, or uninstall it"));
            failed.add(module.fileName());
        }
        if (modules.isEmpty() && missing.isEmpty()) {
            progress.note("no patch module is installed");
        }
        Summary.failIfAny(failed, modules.size() + missing.size(), "verified", progress);
    }

    /** Fails for a module that is not what was installed; tells of any other whether that is on record. */
    static boolean requireUnchanged(InstallDb db, InstalledModule module) {
        return requireUnchanged(db, module, "");
    }

    /**
     * As {@link #requireUnchanged(InstallDb, InstalledModule)}.
     *
     * @param orElse what else can be done about it, with a comma before it
     */
    static boolean requireUnchanged(InstallDb db, InstalledModule module, String orElse) {
        Optional<String> recorded =
                db.records().fingerprints(module.kernelVersion()).find(module.fileName());
        if (recorded.isPresent() && !recorded.get().equals(db.fingerprint(module))) {
            throw new KpatchException(
                    Failure.REFUSED,
                    module.file() + ": is not what kpatch installed there",
                    "find out who changed it, then uninstall it and install it anew from where it came" + orElse);
        }
        return recorded.isPresent();
    }
}
