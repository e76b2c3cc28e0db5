// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.History;
import io.github.kpatch.store.HistoryEntry;
import java.util.List;
import java.util.Optional;

/** What was done on this machine to patch modules, by whom, and what came of it. */
public final class ShowHistory {
    private final Host host;
    private final Progress progress;

    public ShowHistory(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /**
     * The changes, from the oldest on.
     *
     * @param module the patch module that they are of, if not of all
     */
    public List<HistoryEntry> read(Optional<String> module) {
        History.Content content = host.db().records().history().read();
        if (content.damaged() > 0) {
            progress.note(content.damaged() + " of the lines on record cannot be understood, and are left out");
        }
        Optional<String> name = module.map(argument ->
                ModuleName.fromArgument(argument).map(ModuleName::toString).orElse(argument));
        return content.entries().stream()
                .filter(entry -> name.isEmpty() || entry.fact("module").equals(name))
                .toList();
    }
}
