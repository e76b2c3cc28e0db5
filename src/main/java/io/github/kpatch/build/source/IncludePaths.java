// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the compiler finds headers in a kernel tree. */
final class IncludePaths {
    private final Path tree;
    private final List<String> standard;
    private final List<String> additional;
    private final Map<String, Set<String>> directories = new HashMap<>();
    private final Map<String, List<String>> found = new HashMap<>();

    /**
     * Looks in the directories of the kernel's own flags (LINUXINCLUDE of the top Makefile), and then in others.
     *
     * @param additional those that only some objects have, which is not told apart
     */
    IncludePaths(Path tree, String architecture, Collection<String> additional) {
        String arch = "arch/" + architecture + "/include";
        this.tree = tree;
        this.standard = List.of(
                arch,
                arch + "/generated",
                "include",
                arch + "/uapi",
                arch + "/generated/uapi",
                "include/uapi",
                "include/generated/uapi");
        this.additional = List.copyOf(additional);
    }

    /** The files that an include of a file may mean: one, more where it depends on an object's own flags, or none. */
    List<String> find(String includer, String include) {
        String name = include.substring(1);
        if (include.charAt(0) == '"') {
            Optional<String> beside = in(directoryOf(includer), name);
            if (beside.isPresent()) {
                return List.of(beside.get());
            }
        }
        return found.computeIfAbsent(name, this::search);
    }

    private List<String> search(String name) {
        for (String directory : standard) {
            Optional<String> file = in(directory, name);
            if (file.isPresent()) {
                return List.of(file.get());
            }
        }
        List<String> files = new ArrayList<>();
        in("", name).ifPresent(files::add);
        for (String directory : additional) {
            in(directory, name).ifPresent(files::add);
        }
        return files.stream().distinct().toList();
    }

    private Optional<String> in(String directory, String name) {
        String path = directory.isEmpty() ? name : directory + '/' + name;
        if (path.contains("./") || path.contains("//")) {
            path = BuiltObjects.normal(path);
        }
        return has(path) ? Optional.of(path) : Optional.empty();
    }

    boolean has(String path) {
        return directories
                .computeIfAbsent(directoryOf(path), this::namesIn)
                .contains(path.substring(path.lastIndexOf('/') + 1));
    }

    static String directoryOf(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** What cannot be read has nothing that a compiler could. */
    private Set<String> namesIn(String directory) {
        String @Nullable [] names = new File(tree.toString(), directory).list();
        return names == null ? Set.of() : Set.of(names);
    }
}
