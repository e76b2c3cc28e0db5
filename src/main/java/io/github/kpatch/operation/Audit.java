// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Caller;
import io.github.kpatch.store.HistoryEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The record of what is done to this machine, by whom, and what came of it: in the history that kpatch keeps, in the
 * system's log, and as a line in the kernel's log, which is there after a crash too.
 */
final class Audit {
    private final Host host;
    private final Progress progress;
    private boolean begun;

    Audit(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** The kernel is about to be changed: if that brings the machine down, this is what is left of it. */
    void begins(Change change) {
        begun = true;
        record(change, Outcome.BEGUN, Optional.empty(), Optional.empty());
    }

    /** It was done. */
    void done(Change change) {
        record(change, Outcome.DONE, Optional.of(change.sentence()), Optional.empty());
    }

    /**
     * All that is installed was to be loaded, at boot.
     *
     * @param loaded how many were
     * @param failures why the others were not, as sentences
     */
    void loadedAll(int loaded, List<String> failures) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("action", BootResult.ACTION);
        facts.put("kernel", host.kernel().version());
        facts.put("loaded", Integer.toString(loaded));
        record(
                facts,
                failures.isEmpty() ? Outcome.DONE : Outcome.FAILED,
                Optional.empty(),
                failures.isEmpty()
                        ? Optional.empty()
                        : Optional.of(String.join(BootResult.BETWEEN_FAILURES, failures)));
    }

    /** The kernel has begun with it, and kpatch does not wait for the end. */
    void goesOn(Change change) {
        record(
                change,
                Outcome.GOING_ON,
                Optional.of(change.sentence() + ", whose transition goes on"),
                Optional.empty());
    }

    /** Does something of which, if it fails, the failure is on record; what is refused beforehand changes nothing. */
    void watch(Change change, Runnable work) {
        try {
            work.run();
        } catch (KpatchException e) {
            boolean tried =
                    e.kind() == Failure.FAILED || e.kind() == Failure.KERNEL_REFUSED || e.kind() == Failure.STALLED;
            if (begun || tried) {
                String what = change.action().word() + " of patch module " + change.module();
                record(
                        change,
                        Outcome.FAILED,
                        Optional.of(what + " failed: " + e.sentence()),
                        Optional.of(e.sentence()));
            }
            throw e;
        }
    }

    /**
     * Records a change. That this cannot be done is no reason to fail what was.
     *
     * @param sentence for the kernel's log, where it is to have one
     * @param reason why it failed
     */
    private void record(Change change, Outcome outcome, Optional<String> sentence, Optional<String> reason) {
        record(what(change), outcome, sentence, reason);
    }

    private void record(
            Map<String, String> facts, Outcome outcome, Optional<String> sentence, Optional<String> reason) {
        try {
            Caller caller = Caller.of(host.machine());
            String who =
                    caller.loginUid().map(uid -> " (login uid " + uid + ")").orElse("");
            sentence.ifPresent(text -> host.machine().kernelLog().record(text + who));
            facts.put("outcome", outcome.word());
            reason.ifPresent(text -> facts.put("reason", text));
            addWho(caller, facts);
            host.kernel().bootId().ifPresent(boot -> facts.put(BootResult.BOOT, boot));
            HistoryEntry entry = new HistoryEntry(host.machine().clock().now(), facts);
            host.db().records().history().add(entry);
            host.machine().systemLog().record(entry.line());
        } catch (KpatchException e) {
            progress.note("this was not recorded: " + e.sentence());
        }
    }

    private static Map<String, String> what(Change change) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("action", change.action().word());
        facts.put("module", change.module());
        facts.put("kernel", change.kernelVersion());
        change.file().ifPresent(file -> {
            facts.put("file", file.path().toAbsolutePath().toString());
            facts.put("sha256", file.sha256());
        });
        change.detail().ifPresent(detail -> facts.put("detail", detail));
        return facts;
    }

    private static void addWho(Caller caller, Map<String, String> facts) {
        facts.put("uid", Integer.toString(caller.uid()));
        caller.loginUid().ifPresent(uid -> facts.put("loginuid", uid));
        caller.terminal().ifPresent(terminal -> facts.put("tty", terminal));
        caller.unit().ifPresent(unit -> facts.put("unit", unit));
    }
}
