// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.BootRecord;
import io.github.kpatch.store.BootRecord.State;
import io.github.kpatch.store.BootRecords;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a patch module that brought the machine down at boot from doing so again. What is loaded at boot is on record
 * before it is loaded, until the all-clear: a while after the boot is complete, or when the machine is shut down in
 * order. A record of another boot means that there was no all-clear, and the module that was being loaded is held back
 * then. If all had been loaded, any of them may have been it, and all are held back.
 */
final class BootGuard {
    private final InstallDb db;
    private final BootRecords records;
    private final String bootId;

    BootGuard(Host host) {
        this.db = host.db();
        this.records = db.bootRecords(host.kernel().version());
        this.bootId = host.kernel().bootId();
    }

    /** Looks at how the last boot ended, before anything is loaded at this one. */
    void judge() {
        List<BootRecord> suspects = new ArrayList<>();
        boolean wasLoading = false;
        for (BootRecord record : records.all()) {
            if (record.state() != State.HELD && !record.bootId().equals(bootId)) {
                suspects.add(record);
                wasLoading |= record.state() == State.LOADING;
            }
        }
        for (BootRecord suspect : suspects) {
            if (wasLoading && suspect.state() != State.LOADING) {
                records.remove(suspect.fileName());
            } else {
                records.write(new BootRecord(suspect.fileName(), State.HELD, suspect.bootId(), suspect.fingerprint()));
            }
        }
    }

    /** Fails for a module that is held back; a new version of it is not. */
    void requireNotHeld(InstalledModule module) {
        Optional<BootRecord> record = records.find(module.fileName());
        if (record.isPresent() && record.get().state() == State.HELD) {
            if (!record.get().fingerprint().equals(db.fingerprint(module))) {
                records.remove(module.fileName());
                return;
            }
            throw new KpatchException(Failure.FAILED, sentence(module));
        }
    }

    /** What is held back, as sentences, of some installed modules. */
    List<String> held(List<InstalledModule> modules) {
        List<String> sentences = new ArrayList<>();
        for (BootRecord record : records.all()) {
            for (InstalledModule module : modules) {
                if (record.state() == State.HELD && record.fileName().equals(module.fileName())) {
                    sentences.add(sentence(module));
                }
            }
        }
        return sentences;
    }

    private static String sentence(InstalledModule module) {
        return module.fileName()
                + ": is held back, as the machine went down at a boot while it was being loaded, or soon"
                + " after; 'kpatch load " + module.name() + "' loads it and ends that";
    }

    /** A module is about to be loaded at boot. */
    void begins(InstalledModule module) {
        record(module, State.LOADING);
    }

    /** A module has been loaded at boot. */
    void isThrough(InstalledModule module) {
        record(module, State.LOADED);
    }

    private void record(InstalledModule module, State state) {
        records.write(new BootRecord(module.fileName(), state, bootId, db.fingerprint(module)));
    }

    /** Nothing is held against a module any more; true if something was. */
    boolean lift(String fileName) {
        return records.remove(fileName);
    }

    /** This boot went well: what was loaded at it is beyond suspicion. The number of modules. */
    int allClear() {
        int cleared = 0;
        for (BootRecord record : records.all()) {
            if (record.state() != State.HELD) {
                records.remove(record.fileName());
                cleared++;
            }
        }
        return cleared;
    }
}
