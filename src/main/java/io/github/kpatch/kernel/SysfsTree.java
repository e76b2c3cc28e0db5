// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the kernel shows of its patch modules, as text: each attribute with its value, each directory by its name. */
public final class SysfsTree {
    private static final int DEEPEST = 5;
    private static final int LONGEST = 4096;
    /** More than that nobody reads. */
    private static final int MOST_LINES = 20_000;

    private final Roots roots;

    public SysfsTree(Roots roots) {
        this.roots = roots;
    }

    /** Its lines, in order; what cannot be read is told in its place. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        add(roots.livepatch(), DEEPEST, lines);
        add(roots.kpatchCore(), DEEPEST, lines);
        return lines;
    }

    private void add(Path path, int depth, List<String> lines) {
        String name = "/" + roots.root().relativize(path);
        if (lines.size() >= MOST_LINES) {
            return;
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            lines.add(name + "/");
            if (depth > 0) {
                entries(path, lines).forEach(entry -> add(entry, depth - 1, lines));
            }
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            lines.add(name + ": " + value(path));
        }
    }

    private static List<Path> entries(Path directory, List<String> lines) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            lines.add(directory + ": " + e);
        }
        Collections.sort(entries);
        return entries;
    }

    private static String value(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(" + e.getClass().getSimpleName() + ")"; // such as force, which can only be written to
        }
    }
}
