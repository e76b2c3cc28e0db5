// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.store.HistoryEntry;
import java.util.List;

/** The facts of {@code history}. */
public final class HistoryJson {
    private HistoryJson() {}

    public static void write(Json json, List<HistoryEntry> entries) {
        json.objects("changes", entries, entry -> {
            json.text("time", entry.time());
            entry.facts().forEach(json::text);
        });
    }
}
