// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.store.DurableFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file that the user wants written. */
public final class OutputFile {
    private OutputFile() {}

    /** Writes a text; who reads the file meanwhile sees the old one or the new one, and whole. */
    public static void replace(String file, String text) {
        DurableFile.replace(Path.of(file), text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** Writes what only its owner may read. */
    static void keepPrivate(String file, byte[] content) {
        DurableFile.replace(Path.of(file), content, true);
    }
}
