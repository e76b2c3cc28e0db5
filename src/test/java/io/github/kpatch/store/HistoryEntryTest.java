// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryEntryTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kpt_a",
                "",
                "/tmp/a file.ko",
                "a=b c=\"d\"",
                "\\",
                "ends with \\",
                "line\nline\u001b[31m",
                "\u00e4\u2028\ud83d\ude00",
                "$1 and \\u0041"
            })
    void whateverIsInAFactComesBackFromAPrintableLine(String value) {
        HistoryEntry entry = new HistoryEntry(TIME, Map.of("file", value));
        assertTrue(entry.timedLine().chars().allMatch(c -> c >= ' ' && c <= '~'), entry::timedLine);
        assertEquals(Optional.of(entry), HistoryEntry.parse(entry.timedLine()));
    }

    @Test
    void aFactMayBeLong() {
        HistoryEntry entry = new HistoryEntry(TIME, Map.of("reason", "so \\ ".repeat(100_000)));
        assertEquals(Optional.of(entry), HistoryEntry.parse(entry.timedLine()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "action=load",
                "time=yesterday action=load",
                "time=2026-01-02T03:04:05Z action=\"lo",
                "time=2026-01-02T03:04:05Z action",
                "time=2026-01-02T03:04:05Z  action=load",
                "time=2026-01-02T03:04:05Z action=load;"
            })
    void whatIsTornOrDamagedIsNone(String line) {
        assertEquals(line.endsWith(";"), HistoryEntry.parse(line).isPresent());
    }
}
