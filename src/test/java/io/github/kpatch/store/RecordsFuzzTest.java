// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.kpatch.module.Advisory;
import io.github.kpatch.testing.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever has become of the files in which kpatch remembers things. */
class RecordsFuzzTest {
    private final Path file;
    private final Path directory;

    RecordsFuzzTest(@TempDir Path directory) {
        this.directory = directory;
        this.file = directory.resolve("a.ko");
    }

    static Stream<byte[]> records() {
        return Seeds.texts(
                "LOADED 0d6b4e0c-7c8b-4b0e-8a53-0c8d9d2d6a5e " + "0".repeat(64) + "\n",
                "0".repeat(64) + "  a.ko\n",
                "a-9.ko\na-10.ko\n",
                "0\n{\"cve\": [\"CVE-2024-1086\"], \"fixes\": \"a\"}",
                "time=2026-01-02T03:04:05Z action=load module=a reason=\"a \\\"b\\\" \\u00e4\"\n");
    }

    @MethodSource("records")
    @FuzzTest
    void aRecordIsReadOrAsGoodAsNotThere(byte[] content) throws IOException {
        Files.write(file, content);
        List<BootRecord> boots = new BootRecords(directory).all();
        assertTrue(boots.stream()
                .allMatch(
                        boot -> boot.fileName().equals("a.ko") && boot.bootId().indexOf(' ') < 0));
        new Fingerprints(directory).find("a.ko").ifPresent(digits -> assertEquals(64, digits.length()));
        MarkedModules marked = new MarkedModules(directory, "a.ko");
        assertTrue(marked.fileNames().stream().allMatch(marked::contains));
        new Advisories(directory)
                .find("a.ko", () -> new String(content, StandardCharsets.UTF_8).split("\n", 2)[0])
                .ifPresent(advisory -> assertEquals(advisory, new Advisory(advisory.cves(), advisory.summary())));
        for (HistoryEntry entry : new History(file).read().entries()) {
            assertEquals(Optional.of(entry), HistoryEntry.parse(entry.timedLine()));
        }
    }
}
