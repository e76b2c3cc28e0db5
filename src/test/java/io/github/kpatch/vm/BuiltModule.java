// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.module.PatchModuleReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What kpatch-build has made.
 *
 * @param name the module's, in the kernel too
 * @param build how it was made
 */
record BuiltModule(String name, Path file, Outcome build) {

    /** The functions that it patches, as {@code kpatch} reads them of it, each as {@code OBJECT:FUNCTION}, sorted. */
    List<String> functions() {
        return read().objects().stream()
                .flatMap(object -> object.functions().stream().map(function -> object.name() + ":" + function.name()))
                .sorted()
                .toList();
    }

    private PatchModule read() {
        try {
            return new PatchModuleReader().read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NotAPatchModuleException e) {
            throw new AssertionError(file + ": " + e.getMessage(), e);
        }
    }

    /** Everything that readelf shows, which has nothing to warn of. */
    String readelf() {
        try {
            Path err = Files.createTempFile("readelf", ".err");
            Process process = new ProcessBuilder("readelf", "-a", "-W", file.toString())
                    .redirectError(err.toFile())
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor());
            assertEquals("", Files.readString(err), () -> "readelf of " + file);
            Files.delete(err);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
