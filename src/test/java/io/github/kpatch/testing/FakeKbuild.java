// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.build.source.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What kbuild does with a tree: makes of each source an object, in a new file, where the source or a header of its
 * directory was written since. An object is the text of its source and of those headers. A source whose first line is
 * {@code // module NAME} is of a module.
 */
public final class FakeKbuild {
    /** What was compiled, in order. */
    public final List<String> compiled = new ArrayList<>();

    private long seconds = 1_000_000;

    /** Makes all below a directory, {@code .} or {@code fs/proc/}. */
    public int make(Path tree, String directory, Consumer<String> line) {
        try (Stream<Path> files = Files.walk(tree.resolve(directory).normalize())) {
            for (Path source : files.filter(file -> file.toString().matches(".*\\.[cS]"))
                    .sorted()
                    .toList()) {
                if (Disk.text(source).contains("wrong")) {
                    line.accept(tree.relativize(source) + ":2:1: error: 'wrong' undeclared");
                    return 2;
                }
                compile(tree, tree.relativize(source).toString(), line);
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile(Path tree, String source, Consumer<String> line) throws IOException {
        String object = source.replaceFirst("\\.[cS]$", ".o");
        Path file = tree.resolve(object);
        Path note = file.resolveSibling("." + file.getFileName() + ".cmd");
        List<Path> read = new ArrayList<>(List.of(tree.resolve(source)));
        Disk.entries(file.resolveSibling(".").normalize()).stream()
                .filter(header -> header.toString().endsWith(".h"))
                .forEach(read::add);
        String text = note(tree, source, object, read);
        if (Files.exists(file) && Files.exists(note) && Disk.text(note).equals(text)) {
            return;
        }
        line.accept("  CC      " + object);
        compiled.add(object);
        StringBuilder content = new StringBuilder();
        read.forEach(part -> content.append(Disk.text(part)));
        Disk.write(file, content.toString());
        Disk.write(note, text);
        tick(file);
        tick(note);
    }

    /** Gives a file a time of its own, as those of file systems are coarse. */
    public void tick(Path file) throws IOException {
        seconds++;
        Files.setLastModifiedTime(file, FileTime.fromMillis(seconds * 1_000));
    }

    private static String note(Path tree, String source, String object, List<Path> read) throws IOException {
        String first = Disk.text(tree.resolve(source)).lines().findFirst().orElse("");
        String module = first.startsWith("// module ")
                ? "-DMODULE -DKBUILD_MODNAME='\"" + first.substring("// module ".length()) + "\"' "
                : "";
        StringBuilder text = new StringBuilder("cmd_" + object + " := gcc -D__KERNEL__ " + module + "-c -o " + object
                + "\n\nsource_" + object + " := " + source + "\n");
        for (Path file : read) {
            text.append("# ").append(Files.getLastModifiedTime(file)).append('\n');
        }
        return text.toString();
    }
}
