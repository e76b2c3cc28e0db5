// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Caller;
import io.github.kpatch.store.Fingerprints;
import io.github.kpatch.store.HistoryEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The record of what is done to this machine, by whom, and what came of it: in the history that kpatch keeps, in the
 * system's log, and as a line in the kernel's log, which is there after a crash too.
 */
final class Audit {
    private final Host host;
    private final Progress progress;

    Audit(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** It was done. */
    void done(Change change) {
        record(change, "done", change.sentence(), Optional.empty());
    }

    /** The kernel has begun with it, and kpatch does not wait for the end. */
    void goesOn(Change change) {
        record(change, "going-on", change.sentence() + ", whose transition goes on", Optional.empty());
    }

    /** Does something of which, if it fails, the failure is on record; what is refused beforehand changes nothing. */
    void watch(Change change, Runnable work) {
        try {
            work.run();
        } catch (KpatchException e) {
            if (e.kind() == Failure.FAILED || e.kind() == Failure.KERNEL_REFUSED || e.kind() == Failure.STALLED) {
                record(
                        change,
                        "failed",
                        change.action().word() + " of patch module " + change.module() + " failed: " + e.sentence(),
                        Optional.of(e.sentence()));
            }
            throw e;
        }
    }

    /** That it cannot be recorded is no reason to fail what was done. */
    private void record(Change change, String outcome, String sentence, Optional<String> reason) {
        try {
            Caller caller = Caller.of(host.machine());
            String who =
                    caller.loginUid().map(uid -> " (login uid " + uid + ")").orElse("");
            host.machine().kernelLog().record(sentence + who);
            Map<String, String> facts = new LinkedHashMap<>();
            addWhat(change, facts);
            facts.put("outcome", outcome);
            reason.ifPresent(text -> facts.put("reason", text));
            addWho(caller, facts);
            HistoryEntry entry = new HistoryEntry(host.machine().clock().now(), facts);
            host.machine().systemLog().record(entry.line());
            host.db().records().history().add(entry);
        } catch (KpatchException e) {
            progress.note("this was not recorded: " + e.sentence());
        }
    }

    private static void addWhat(Change change, Map<String, String> facts) {
        facts.put("action", change.action().word());
        facts.put("module", change.module());
        facts.put("kernel", change.kernelVersion());
        change.file().ifPresent(file -> {
            facts.put("file", file.path().toAbsolutePath().toString());
            facts.put("sha256", Fingerprints.of(file.content()));
        });
        change.detail().ifPresent(detail -> facts.put("detail", detail));
    }

    private static void addWho(Caller caller, Map<String, String> facts) {
        facts.put("uid", Integer.toString(caller.uid()));
        caller.loginUid().ifPresent(uid -> facts.put("loginuid", uid));
        caller.terminal().ifPresent(terminal -> facts.put("tty", terminal));
        caller.unit().ifPresent(unit -> facts.put("unit", unit));
    }
}
