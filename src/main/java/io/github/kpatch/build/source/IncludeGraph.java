// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which files of a kernel tree include which, as far as some files lead to. */
final class IncludeGraph {
    private final IncludePaths paths;
    private final IncludeStore store;
    private final Map<String, List<String>> includers = new HashMap<>();
    private final Map<String, List<Unresolved>> unresolved = new HashMap<>();
    private final Set<String> reached = new HashSet<>();

    /**
     * An include of a file that is nowhere to be found.
     *
     * @param name the file's, without what leads upwards
     */
    private record Unresolved(String includer, String name) {}

    /**
     * Begins with sources.
     *
     * @param everywhere files that the compiler includes before each of them
     */
    IncludeGraph(IncludePaths paths, IncludeStore store, Collection<String> sources, Collection<String> everywhere) {
        this.paths = paths;
        this.store = store;
        List<String> level = new ArrayList<>();
        for (String file : everywhere) {
            if (paths.has(file) && reached.add(file)) {
                level.add(file);
                includers.put(file, new ArrayList<>(sources));
            }
        }
        sources.stream().filter(reached::add).forEach(level::add);
        while (!level.isEmpty()) {
            level = next(level);
        }
    }

    private List<String> next(List<String> level) {
        List<String> next = new ArrayList<>();
        store.of(level).forEach((file, includes) -> {
            for (String include : includes) {
                List<String> meant = paths.find(file, include);
                if (meant.isEmpty()) {
                    String name = include.substring(1).replaceFirst("^(\\.\\.?/)+", "");
                    unresolved
                            .computeIfAbsent(lastPart(name), last -> new ArrayList<>())
                            .add(new Unresolved(file, name));
                }
                for (String other : meant) {
                    includers.computeIfAbsent(other, name -> new ArrayList<>()).add(file);
                    if (reached.add(other)) {
                        next.add(other);
                    }
                }
            }
        });
        return next;
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** The files and all that include one of them, however indirectly. */
    Set<String> reaching(Collection<String> files) {
        Set<String> affected = new LinkedHashSet<>(files);
        Deque<String> open = new ArrayDeque<>(affected);
        while (!open.isEmpty()) {
            for (String includer : includersOf(open.pop())) {
                if (affected.add(includer)) {
                    open.add(includer);
                }
            }
        }
        return affected;
    }

    /** An include that is nowhere to be found may mean any file whose path ends like it. */
    private List<String> includersOf(String file) {
        List<String> all = new ArrayList<>(includers.getOrDefault(file, List.of()));
        for (Unresolved include : unresolved.getOrDefault(lastPart(file), List.of())) {
            if (('/' + file).endsWith('/' + include.name())) {
                all.add(include.includer());
            }
        }
        return all;
    }
}
