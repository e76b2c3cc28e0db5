// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.store.DurableFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The files of a tree as they were at one time, by their sizes and by when they were written. */
public record TreeState(Map<String, String> files) {

    /** Ends each word in the file that it is kept in: no name has it. */
    private static final char END = 0;

    /** As they are now. */
    public static TreeState of(Path tree) {
        Map<String, String> files = new TreeMap<>();
        Disk.with(
                tree,
                "cannot be read",
                () -> Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        files.put(tree.relativize(file).toString(), state(attributes));
                        return FileVisitResult.CONTINUE;
                    }
                }));
        return new TreeState(files);
    }

    /** To the precision that Java 17 sets times with. */
    static String state(BasicFileAttributes attributes) {
        return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
    }

    /** How long they are, all together. */
    public long bytes() {
        return files.values().stream()
                .mapToLong(state -> Long.parseLong(state.substring(0, state.indexOf(' '))))
                .sum();
    }

    /** As they were when this was kept in a file; empty where it was not, or was discarded. */
    public static Optional<TreeState> kept(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> files = new TreeMap<>();
        byte[] content = Disk.read(file);
        Iterator<String> words = Pattern.compile(String.valueOf(END))
                .splitAsStream(new String(content, StandardCharsets.UTF_8))
                .iterator();
        while (words.hasNext()) {
            String name = words.next();
            if (!words.hasNext()) {
                throw new KpatchException(
                        Failure.FAILED,
                        file + ": is damaged, so that what is in the tree beside it cannot be told",
                        "remove " + file.resolveSibling("").normalize());
            }
            files.put(name, words.next());
        }
        return Optional.of(new TreeState(files));
    }

    /** Keeps it, for certain: it survives a machine that goes down. */
    public void keep(Path file) {
        StringBuilder text = new StringBuilder();
        files.forEach(
                (name, state) -> text.append(name).append(END).append(state).append(END));
        Disk.with(file, "cannot be written", () -> {
            DurableFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8), DurableFile.PRIVATE);
            return true;
        });
    }

    /** Whether a file is another one at another time, or is there at one of the two times only. */
    public boolean isOther(String name, TreeState later) {
        return !Objects.equals(files.get(name), later.files().get(name));
    }

    /** The files of another time that were written since or are new. */
    public List<String> writtenUntil(TreeState later) {
        List<String> written = new ArrayList<>();
        later.files().forEach((name, state) -> {
            if (!state.equals(files.get(name))) {
                written.add(name);
            }
        });
        return written;
    }
}
