// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.store.HistoryEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What has become of loading all that is installed at this boot, as the history has it.
 *
 * @param time when that was through
 * @param loaded how many were loaded
 * @param failures why others were not, as sentences
 */
public record BootResult(Instant time, int loaded, List<String> failures) {
    static final String ACTION = "load-all";
    /** The fact that tells of which boot an entry is. */
    static final String BOOT = "boot";

    static final String BETWEEN_FAILURES = "\n";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    public BootResult {
        failures = List.copyOf(failures);
    }

    /** The last one of the boot that is, if it is on record. */
    static Optional<BootResult> read(Host host) {
        Optional<BootResult> last = Optional.empty();
        for (HistoryEntry entry : new ShowHistory(host).ofThisBoot()) {
            String loaded = entry.fact("loaded").orElse("");
            if (entry.fact("action").equals(Optional.of(ACTION))
                    && NUMBER.matcher(loaded).matches()) {
                last = Optional.of(new BootResult(
                        entry.time(),
                        Integer.parseInt(loaded),
                        entry.fact("reason")
                                .map(reasons -> List.of(reasons.split(BETWEEN_FAILURES, -1)))
                                .orElse(List.of())));
            }
        }
        return last;
    }
}
