// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.History;
import io.github.kpatch.store.HistoryEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was done on this machine to patch modules, by whom, and what came of it. */
public final class ShowHistory {
    private final Host host;

    public ShowHistory(Host host) {
        this.host = host;
    }

    /**
     * The changes, from the oldest on.
     *
     * @param module the patch module that they are of, if not of all
     * @param progress where it is told that the record is damaged
     */
    public List<HistoryEntry> read(Optional<String> module, Progress progress) {
        History.Content content = host.db().records().history().read();
        if (content.damaged() > 0) {
            progress.note(content.damaged() + " of the lines on record cannot be understood, and are left out");
        }
        Optional<String> name = module.map(argument ->
                ModuleName.fromArgument(argument).map(ModuleName::toString).orElse(argument));
        return withoutEnded(content.entries()).stream()
                .filter(entry -> name.isEmpty() || entry.fact("module").equals(name))
                .toList();
    }

    /** What was done since the machine was booted; what was done by a kpatch that did not tell boots apart is left out. */
    List<HistoryEntry> ofThisBoot() {
        Optional<String> boot = host.kernel().bootId();
        return host.db().records().history().read().entries().stream()
                .filter(entry -> entry.fact(BootResult.BOOT).equals(boot))
                .toList();
    }

    /** When what was last done to a loaded module began, at this boot, if it has not come to its end since. */
    Optional<Instant> beginning(ModuleName module) {
        Optional<Instant> beginning = Optional.empty();
        for (HistoryEntry entry : ofThisBoot()) {
            if (entry.fact("module").equals(Optional.of(module.toString()))) {
                String outcome = entry.fact("outcome").orElse("");
                if (outcome.equals(Outcome.BEGUN.word())) {
                    beginning = Optional.of(entry.time());
                } else if (!outcome.equals(Outcome.GOING_ON.word())) {
                    beginning = Optional.empty();
                }
            }
        }
        return beginning;
    }

    /** Leaves out that something was begun where it is on record how it ended. */
    private static List<HistoryEntry> withoutEnded(List<HistoryEntry> entries) {
        List<HistoryEntry> left = new ArrayList<>();
        Map<Optional<String>, Boolean> nextBegins = new HashMap<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            HistoryEntry entry = entries.get(i);
            boolean begins = entry.fact("outcome").equals(Optional.of(Outcome.BEGUN.word()));
            Boolean next = nextBegins.put(entry.fact("module"), begins);
            if (!begins || next == null || next) {
                left.add(entry);
            }
        }
        Collections.reverse(left);
        return left;
    }
}
