// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What files include, kept in a file from one run to the next: for each its path, its time and size, by which it is
 * known to be the same, and the names.
 */
final class IncludeStore {
    private static final String HEADER = "kpatch includes 1";

    private final Path tree;
    private final Path file;
    private final Map<String, Entry> entries = new HashMap<>();
    private boolean changed;

    /**
     * Of one file.
     *
     * @param state its time and size
     * @param includes its names for what it includes, between tabs
     */
    private record Entry(String state, String includes) {
        List<String> list() {
            return includes.isEmpty() ? List.of() : List.of(includes.split("\t", -1));
        }
    }

    /** Reads what is kept; what is damaged or not there is as good as empty. */
    IncludeStore(Path tree, Path file) {
        this.tree = tree;
        this.file = file;
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            if (!lines.isEmpty() && lines.get(0).equals(HEADER)) {
                lines.stream().skip(1).forEach(this::enter);
            }
        } catch (IOException e) {
            entries.clear();
        }
    }

    private void enter(String line) {
        String[] parts = line.split("\t", 3);
        if (parts.length == 3) {
            entries.put(parts[0], new Entry(parts[1], parts[2]));
        }
    }

    /** What each of some files includes; nothing if it cannot be read. */
    Map<String, List<String>> of(Collection<String> files) {
        Map<String, Optional<Entry>> read = new LinkedHashMap<>();
        List<String> names = List.copyOf(files);
        List<Optional<Entry>> results =
                names.parallelStream().map(this::current).toList();
        for (int i = 0; i < names.size(); i++) {
            read.put(names.get(i), results.get(i));
        }
        Map<String, List<String>> includes = new LinkedHashMap<>();
        read.forEach((name, entry) -> {
            entry.ifPresent(found -> changed |= !found.equals(entries.put(name, found)));
            includes.put(name, entry.map(Entry::list).orElse(List.of()));
        });
        return includes;
    }

    private Optional<Entry> current(String name) {
        try {
            Path path = tree.resolve(name);
            String state = state(path);
            Entry kept = entries.get(name);
            if (kept != null && kept.state().equals(state)) {
                return Optional.of(kept);
            }
            return Optional.of(new Entry(state, String.join("\t", IncludeScan.of(Files.readAllBytes(path)))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** By what a file is known to be the same as before: its time and size. */
    static String state(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + "/" + attributes.size();
    }

    /** Keeps what was read for the next run. */
    void write() {
        if (!changed) {
            return;
        }
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        entries.forEach((name, entry) -> text.append(name)
                .append('\t')
                .append(entry.state())
                .append('\t')
                .append(entry.includes())
                .append('\n'));
        try {
            DurableFile.createDirectory(DurableFile.parent(file));
            DurableFile.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1), DurableFile.PRIVATE);
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
