// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.build.source.KernelObject.KernelModule;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a configured kernel is made from, as its Makefiles say.
 *
 * @param objects by their paths below the tree
 * @param includeDirectories all that some Makefile has the compiler look into for headers
 * @param included files that some Makefile has it include before everything else
 * @param makefiles all files that this comes from
 */
record BuiltObjects(
        Map<String, Built> objects, Set<String> includeDirectories, Set<String> included, List<String> makefiles) {

    /**
     * An object that is built.
     *
     * @param modules those it is linked into; none if it is built in or in an archive
     */
    record Built(String target, boolean inLibrary, Set<KernelModule> modules) {
        boolean isBuiltIn() {
            return !inLibrary && modules.isEmpty();
        }
    }

    /** Reads what objects.mk prints; lines of other programs may be among it. */
    static BuiltObjects parse(List<String> lines) {
        Parsing parsing = new Parsing();
        List<String[]> words = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("kpatch ")) {
                words.add(line.strip().split("\\s+"));
            }
        }
        words.forEach(parsing::directory);
        parsing.follow();
        words.forEach(parsing::rest);
        return new BuiltObjects(
                parsing.objects, parsing.includeDirectories, parsing.included, List.copyOf(parsing.makefiles));
    }

    /** A path without its {@code ..} and {@code .}. */
    static String normal(String path) {
        return Path.of(path).normalize().toString();
    }

    private static final class Parsing {
        private final Map<String, Set<String>> linkedFrom = new HashMap<>();
        private final Set<String> linked = new HashSet<>();
        private final Map<String, Built> objects = new TreeMap<>();
        private final Set<String> includeDirectories = new TreeSet<>();
        private final Set<String> included = new TreeSet<>();
        private final List<String> makefiles = new ArrayList<>();

        private void directory(String[] words) {
            if (words[1].equals("directory") && words[2].equals("y")) {
                linkedFrom.computeIfAbsent(words[3], name -> new HashSet<>()).add(normal(words[3] + '/' + words[4]));
            }
        }

        /** What is built in is linked only if all directories on the way to it are. */
        private void follow() {
            Deque<String> open = new ArrayDeque<>(List.of("."));
            while (!open.isEmpty()) {
                String directory = open.pop();
                if (linked.add(directory)) {
                    open.addAll(linkedFrom.getOrDefault(directory, Set.of()));
                }
            }
        }

        private void rest(String[] words) {
            switch (words[1]) {
                case "object" ->
                    object(words[2], words[3], words[4], List.of(words).subList(5, words.length));
                case "flags" -> flags(List.of(words).subList(3, words.length));
                case "makefile" -> makefiles.add(words[2]);
                default -> {}
            }
        }

        private void object(String kind, String directory, String name, List<String> parts) {
            if (kind.equals("y") && !linked.contains(directory)) {
                return;
            }
            Set<KernelModule> modules =
                    kind.equals("m") ? Set.of(KernelModule.of(normal(directory + '/' + name))) : Set.of();
            for (String part : parts.isEmpty() ? List.of(name) : parts.subList(1, parts.size())) {
                if (part.endsWith(".o")) {
                    String target = directory.equals(".") ? part : directory + '/' + part;
                    Built built = new Built(target, kind.equals("lib"), modules);
                    objects.merge(normal(target), built, Parsing::both);
                }
            }
        }

        /** Kbuild links an object into one module as a rule, and into several where their Makefiles say so. */
        private static Built both(Built one, Built other) {
            Set<KernelModule> modules = new HashSet<>(one.modules());
            modules.addAll(other.modules());
            boolean builtIn = one.isBuiltIn() || other.isBuiltIn();
            return new Built(
                    one.target(), one.inLibrary() && other.inLibrary(), builtIn ? Set.of() : Set.copyOf(modules));
        }

        private void flags(List<String> flags) {
            for (int i = 0; i < flags.size(); i++) {
                String flag = flags.get(i);
                String next = i + 1 < flags.size() ? flags.get(i + 1) : ".";
                if (flag.equals("-include")) {
                    included.add(normal(next));
                } else if (flag.equals("-I") || flag.equals("-isystem") || flag.equals("-iquote")) {
                    includeDirectories.add(normal(next));
                } else if (flag.startsWith("-I")) {
                    includeDirectories.add(normal(flag.substring(2)));
                }
            }
        }
    }
}
