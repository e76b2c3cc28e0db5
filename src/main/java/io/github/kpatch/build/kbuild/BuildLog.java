// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.Disk;
import java.io.BufferedWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The file that keeps all that the programs of a build print, the newest build's only. */
public final class BuildLog implements AutoCloseable {
    private final Path file;
    private final BufferedWriter writer;
    private final Consumer<String> live;

    private BuildLog(Path file, BufferedWriter writer, Consumer<String> live) {
        this.file = file;
        this.writer = writer;
        this.live = live;
    }

    /**
     * Begins a log anew.
     *
     * @param live is told each line as well
     */
    public static BuildLog open(Path file, Consumer<String> live) {
        Disk.makeDirectory(file.toAbsolutePath().resolveSibling(".").normalize());
        return Disk.with(
                file,
                "cannot be written",
                () -> new BuildLog(file, Files.newBufferedWriter(file, StandardCharsets.UTF_8), live));
    }

    /** Keeps a line, at once: a build that is killed leaves its log behind. */
    public void line(String text) {
        live.accept(text);
        Disk.with(file, "cannot be written", () -> {
            synchronized (writer) {
                writer.write(text);
                writer.newLine();
                writer.flush();
                return true;
            }
        });
    }

    public Path file() {
        return file;
    }

    @Override
    public void close() {
        Disk.with(file, "cannot be written", () -> {
            writer.close();
            return true;
        });
    }
}
