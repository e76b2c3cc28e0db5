// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.testing.VmCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of every module in a distribution's kernel package, binutils and kmod read what this program reads. */
class SecondReadingIT {
    private static final Path DIRECTORY = VmCache.directory().resolve("kernels/6.1/modules");

    /** Debian 12's kernel has some more. */
    private static final int FEWEST = 3_900;

    private final Differences differences = new Differences();
    private final List<String> modules;

    SecondReadingIT() throws IOException {
        assertTrue(Files.isDirectory(DIRECTORY), DIRECTORY + " is not there; run scripts/setup");
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            this.modules = files.map(file -> DIRECTORY.relativize(file).toString())
                    .filter(file -> file.endsWith(".ko"))
                    .sorted()
                    .toList();
        }
    }

    private Process start(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(modules);
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(DIRECTORY.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin");
        return builder.start();
    }

    private void assertAllAgree(Process process, long fewestValues) throws InterruptedException {
        assertEquals(0, process.waitFor());
        differences.assertNone();
        assertTrue(differences.files() >= FEWEST, () -> "only " + differences.files() + " modules");
        assertEquals(modules.size(), differences.files());
        assertTrue(differences.values() >= fewestValues, () -> "only " + differences.values() + " values");
    }

    @Test
    void readelfSeesTheSameSectionsSymbolsAndRelocations() throws Exception {
        Process readelf = start("readelf", "-SsrW");
        ReadelfComparison comparison = new ReadelfComparison(DIRECTORY, differences);
        try (BufferedReader lines = readelf.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                comparison.line(line);
            }
            comparison.end();
        } catch (MalformedElfException e) {
            throw new AssertionError(differences.file() + ": readelf reads it, and we do not: " + e.getMessage(), e);
        }
        assertAllAgree(readelf, 30_000_000);
    }

    @Test
    void modinfoSeesTheSameFields() throws Exception {
        Process modinfo = start("modinfo", "-0");
        ModinfoComparison comparison = new ModinfoComparison(DIRECTORY, differences);
        try (Scanner fields = new Scanner(modinfo.getInputStream(), StandardCharsets.UTF_8).useDelimiter("\0")) {
            while (fields.hasNext()) {
                comparison.field(fields.next());
            }
        }
        comparison.end();
        assertAllAgree(modinfo, 60_000);
    }

    /** It has a name, the same in both places, before it is refused for what it is not. */
    @Test
    void noneOfThemIsAPatchModule() throws IOException {
        for (String module : modules) {
            byte[] content = Files.readAllBytes(DIRECTORY.resolve(module));
            assertEquals(
                    "is a kernel module but not a patch module",
                    assertThrows(NotAPatchModuleException.class, () -> new PatchModuleReader().read(content))
                            .getMessage(),
                    module);
        }
    }
}
