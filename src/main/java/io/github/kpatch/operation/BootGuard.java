// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.store.BootRecord;
import io.github.kpatch.store.BootRecord.State;
import io.github.kpatch.store.BootRecords;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a patch module that brought the machine down at boot from doing so again. What is loaded at boot is on record
 * before it is loaded, until the all-clear: a while after the boot is complete, or when the machine is shut down in
 * order. So a record of another boot means that there was no all-clear, and that the module is held back; unless that
 * boot ended while it was loading another one. If all had been loaded, any of them may have been it, and all are.
 */
final class BootGuard {
    private final InstallDb db;
    private final BootRecords records;
    private final String bootId;

    /** The guard over what is installed in some DB for some kernel. */
    BootGuard(Host host, InstallDb db, String kernelVersion) {
        this.db = db;
        this.records = db.records().bootRecords(kernelVersion);
        this.bootId = host.kernel().bootId().orElse("unknown");
    }

    /** The guard over what this machine loads at boot. */
    static BootGuard of(Host host) {
        return new BootGuard(host, host.db(), host.kernel().version());
    }

    /** What is held back on this machine, as sentences; where there are no records, nothing more is read. */
    static List<String> heldHere(Host host) {
        return host.db().records().hasBootRecords()
                ? of(host).held(host.db().modules(host.kernel().version()))
                : List.of();
    }

    /** Fails for a module that is held back; a new version of it is not. */
    void requireNotHeld(InstalledModule module) {
        for (BootRecord record : held()) {
            if (record.fileName().equals(module.fileName())) {
                if (record.fingerprint().equals(db.fingerprint(module))) {
                    throw new KpatchException(Failure.FAILED, sentence(module));
                }
                lift(module.fileName());
            }
        }
    }

    /** What is held back, as sentences, of some installed modules. */
    private List<String> held(List<InstalledModule> modules) {
        List<BootRecord> held = held();
        List<String> sentences = new ArrayList<>();
        for (InstalledModule module : modules) {
            if (held.stream().anyMatch(record -> record.fileName().equals(module.fileName()))) {
                sentences.add(sentence(module).text());
            }
        }
        return sentences;
    }

    private List<BootRecord> held() {
        List<BootRecord> all = records.all();
        List<BootRecord> held = new ArrayList<>();
        for (BootRecord record : all) {
            boolean otherWasLoading = record.state() == State.LOADED
                    && all.stream()
                            .anyMatch(other -> other.state() == State.LOADING
                                    && other.bootId().equals(record.bootId()));
            if (!record.bootId().equals(bootId) && !otherWasLoading) {
                held.add(record);
            }
        }
        return held;
    }

    private static Sentence sentence(InstalledModule module) {
        return Sentence.of(
                module.fileName()
                        + ": is held back, as the machine went down at a boot while it was being loaded, or soon after",
                "'kpatch load " + module.name() + "' loads it and ends that");
    }

    /** Whether a boot with this module has had no all-clear, be it this one. */
    boolean isOnTrial(InstalledModule module) {
        return records.all().stream().anyMatch(record -> record.fileName().equals(module.fileName()));
    }

    /** A module is about to be loaded at boot. */
    BootRecord begins(InstalledModule module) {
        BootRecord record = new BootRecord(module.fileName(), State.LOADING, bootId, db.fingerprint(module));
        records.write(record);
        return record;
    }

    /** It has been loaded. */
    void isThrough(BootRecord begun) {
        records.write(new BootRecord(begun.fileName(), State.LOADED, bootId, begun.fingerprint()));
    }

    /** Nothing is held against a module any more, nor against those that had been loaded when a boot died of it. */
    void lift(String fileName) {
        List<BootRecord> all = records.all();
        for (BootRecord record : all) {
            boolean diedOfIt = record.fileName().equals(fileName)
                    && record.state() == State.LOADING
                    && !record.bootId().equals(bootId);
            for (BootRecord other : diedOfIt ? all : List.<BootRecord>of()) {
                if (other.state() == State.LOADED && other.bootId().equals(record.bootId())) {
                    records.remove(other.fileName());
                }
            }
        }
        records.remove(fileName);
    }

    /** This boot went well: what was loaded at it is beyond suspicion. The number of modules. */
    int allClear() {
        int cleared = 0;
        for (BootRecord record : records.all()) {
            if (record.bootId().equals(bootId)) {
                records.remove(record.fileName());
                cleared++;
            }
        }
        return cleared;
    }
}
