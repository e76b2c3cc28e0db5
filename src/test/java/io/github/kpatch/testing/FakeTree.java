// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes the files by which a kernel shows itself. */
record FakeTree(Path root) {
    void put(String path, String line) {
        put(path, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void put(String path, byte[] content) {
        Path file = root.resolve(path);
        try {
            try {
                Files.write(file, content);
            } catch (NoSuchFileException e) {
                Files.createDirectories(file.resolveSibling("."));
                Files.write(file, content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void putAll(String path, List<String> lines) {
        if (lines.isEmpty()) {
            put(path, "");
        } else {
            put(path, String.join("\n", lines));
        }
    }

    void makeDirectory(String path) {
        try {
            Files.createDirectories(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String path) {
        Path tree = root.resolve(path);
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
