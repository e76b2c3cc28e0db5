// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/**
 * A copy of somebody's source tree, brought up to date file by file: what has another size or time than when it was
 * copied is copied again, and what was copied once and is gone there goes here. A copy has the time at which it was
 * made, for make to find that all is older that was built of an earlier one. What kbuild makes is no part of it, neither
 * there nor here, nor what git keeps. Newer Javas have file systems share the blocks that can.
 */
public final class SourceCopy {
    private static final int TELL_EVERY = 5_000;

    /** What a build leaves in a tree, by the {@code .gitignore} of the kernel's sources. */
    private static final Pattern PRODUCT = Pattern.compile(".*\\.(?:o|ko|a|so|d|mod|mod\\.c|order|symtypes|dtb|lds)"
            + "|\\..*\\.cmd|\\.tmp_.*|\\.config.*|vmlinux(?:\\.(?:o|a|bin.*|symvers|map|unstripped|objs))?"
            + "|System\\.map|Module\\.symvers|modules\\.builtin.*");

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    private static final Set<String> DIRECTORIES_OF_PRODUCTS =
            Set.of("include/generated", "include/config", "arch/x86/include/generated", ".git");

    private final Path from;
    private final Path to;
    private final Path list;
    private final IntConsumer progress;

    /** By their names what the files and their copies were like: their sizes and times. */
    private final Map<String, String> states = new TreeMap<>();

    private final Map<String, String> statesBefore = new HashMap<>();
    private int changed;

    /**
     * Copies from one directory to another.
     *
     * @param list the file that keeps what was copied
     * @param progress is told now and then how many files there were so far
     */
    public SourceCopy(Path from, Path to, Path list, IntConsumer progress) {
        this.from = from;
        this.to = to;
        this.list = list;
        this.progress = progress;
    }

    /** Copies and removes; gives how many files it was that differed. */
    public int refresh() {
        readList();
        Disk.with(from, "cannot be copied to " + to, () -> Files.walkFileTree(from, new Copying()));
        statesBefore.keySet().removeAll(states.keySet());
        statesBefore.keySet().forEach(name -> Disk.remove(to.resolve(name)));
        new TreeState(states).keep(list);
        return changed + statesBefore.size();
    }

    /** Names that lead out of the copy are none that were copied. */
    private void readList() {
        TreeState.kept(list)
                .ifPresent(kept -> kept.files().forEach((name, state) -> {
                    Path copy = to.resolve(name).normalize();
                    if (copy.startsWith(to) && !copy.equals(to)) {
                        statesBefore.put(name, state);
                    }
                }));
    }

    private final class Copying extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            Path name = from.relativize(directory);
            if (DIRECTORIES_OF_PRODUCTS.contains(name.toString())) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Path copy = to.resolve(name);
            if (!Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(copy);
                Files.createDirectories(copy);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            String name = from.relativize(file).toString();
            if (isProduct(file)) {
                return FileVisitResult.CONTINUE;
            }
            Path copy = to.resolve(name);
            boolean isThere = Files.exists(copy, LinkOption.NOFOLLOW_LINKS);
            if (!isThere || !stateOf(file, attributes, copy).equals(statesBefore.get(name))) {
                changed++;
                Disk.remove(copy);
                Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS);
            }
            states.put(name, stateOf(file, attributes, copy));
            if (states.size() % TELL_EVERY == 0) {
                progress.accept(states.size());
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /** A program of theirs that a build here has made as well would have make take all for older than it. */
    private static boolean isProduct(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        return PRODUCT.matcher(name).matches()
                || Files.exists(file.resolveSibling("." + name + ".cmd"), LinkOption.NOFOLLOW_LINKS)
                || (name.indexOf('.') < 0 && Files.isRegularFile(file) && Files.isExecutable(file) && isProgram(file));
    }

    private static boolean isProgram(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ELF.length), ELF);
        }
    }

    private static String stateOf(Path file, BasicFileAttributes original, Path copy) throws IOException {
        BasicFileAttributes there = Files.readAttributes(copy, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return stateOf(file, original) + " " + stateOf(copy, there);
    }

    private static String stateOf(Path file, BasicFileAttributes attributes) throws IOException {
        return attributes.isSymbolicLink() ? "link to " + Files.readSymbolicLink(file) : TreeState.state(attributes);
    }
}
