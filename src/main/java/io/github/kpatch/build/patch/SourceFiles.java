// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.module.FileKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of a source tree as they would be after some changes that were not written yet. */
final class SourceFiles {
    private final Path tree;
    private final String treeName;
    private final Map<String, Optional<SourceFile>> read = new HashMap<>();
    private final Map<String, Optional<SourceFile>> changed = new TreeMap<>();

    /** @param treeName what the tree is to the user */
    SourceFiles(Path tree, String treeName) {
        this.tree = tree;
        this.treeName = treeName;
    }

    String treeName() {
        return treeName;
    }

    /** A file; empty where there is none. What a link leads to does not belong to the tree. */
    Optional<SourceFile> find(String name) {
        return changed.containsKey(name) ? changed.get(name) : read.computeIfAbsent(name, this::read);
    }

    boolean has(String name) {
        return find(name).isPresent();
    }

    boolean hasDirectory(String name) {
        return kind(name) == FileKind.DIRECTORY;
    }

    void put(String name, SourceFile file) {
        changed.put(name, Optional.of(file));
    }

    void remove(String name) {
        changed.put(name, Optional.empty());
    }

    /** A file as it is in the tree. */
    Optional<SourceFile> original(String name) {
        return read.computeIfAbsent(name, this::read);
    }

    /** All files that are not as they are in the tree, by name; empty those that would not be there. */
    Map<String, Optional<SourceFile>> changed() {
        Map<String, Optional<SourceFile>> real = new TreeMap<>(changed);
        real.entrySet().removeIf(entry -> original(entry.getKey()).equals(entry.getValue()));
        return real;
    }

    private Optional<SourceFile> read(String name) {
        FileKind kind = kind(name);
        if (kind == FileKind.NONE) {
            return Optional.empty();
        }
        if (kind != FileKind.REGULAR) {
            throw refused(name, Sentence.of("is no regular file", "correct the name in the patch"));
        }
        try {
            Path file = tree.resolve(name);
            return Optional.of(new SourceFile(
                    new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1),
                    Files.getPosixFilePermissions(file)));
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, tree.resolve(name) + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private FileKind kind(String name) {
        try {
            Path path = tree;
            FileKind kind = FileKind.DIRECTORY;
            for (String part : name.split("/", -1)) {
                path = path.resolve(part);
                kind = FileKind.of(path, LinkOption.NOFOLLOW_LINKS);
                if (kind == FileKind.OTHER && Files.isSymbolicLink(path)) {
                    throw refused(
                            name, Sentence.of("is reached by a symbolic link, which may lead out of the source tree"));
                }
                if (kind == FileKind.NONE) {
                    return kind;
                }
            }
            return kind;
        } catch (InvalidPathException e) {
            throw refused(name, Sentence.of("is no name that a file can have here: " + e.getReason()));
        } catch (IOException e) {
            throw new KpatchException(
                    Failure.FAILED, tree.resolve(name) + ": cannot be examined: " + e.getMessage(), e);
        }
    }

    private KpatchException refused(String name, Sentence why) {
        return new KpatchException(Failure.REFUSED, why.about(name + " in " + tree));
    }
}
