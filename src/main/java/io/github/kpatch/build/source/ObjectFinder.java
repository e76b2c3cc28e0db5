// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.build.source.AffectedObjects.Unpatchable;
import io.github.kpatch.build.source.BuiltObjects.Built;
import io.github.kpatch.build.source.KernelObject.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the objects of a configured kernel tree that changed files affect: those made from them, and those made from
 * files that include them, however indirectly. Where it is not sure that one does, it takes it that it does.
 */
public final class ObjectFinder {
    private final Path tree;
    private final String architecture;
    private final Path cache;
    private final ProgramRun programs;

    /**
     * Looks in one tree.
     *
     * @param architecture as the directory below arch/ is called
     * @param cache a directory of this tree's own, in which to keep what takes seconds to find out
     */
    public ObjectFinder(Path tree, String architecture, Path cache, ProgramRun programs) {
        this.tree = tree.toAbsolutePath();
        this.architecture = architecture;
        this.cache = cache.toAbsolutePath();
        this.programs = programs;
    }

    /**
     * The objects that changed files affect. Ask after the change: objects that it adds are known only then. What else it
     * has a file include or not include any more does not matter, as that file is changed itself.
     *
     * @param changed paths below the tree
     */
    public AffectedObjects affectedBy(Collection<String> changed) {
        BuiltObjects built = new Makefiles(tree, architecture, cache, programs).read();
        IncludePaths paths = new IncludePaths(tree, architecture, built.includeDirectories());
        Units units = new Units(tree, architecture, paths, built);
        Set<String> everywhere = new TreeSet<>(built.included());
        List.of("compiler-version.h", "kconfig.h", "compiler_types.h")
                .forEach(header -> everywhere.add("include/linux/" + header));
        IncludeStore store = new IncludeStore(tree, cache.resolve("includes"));
        IncludeGraph graph = new IncludeGraph(paths, store, units.sources(), everywhere);
        store.write();
        return sorted(units, graph, changed);
    }

    /**
     * Why objects cannot be patched, of those that cannot, as the ends of sentences that begin with their paths.
     *
     * @param sources objects that a build has made, each with the file that it was compiled from
     */
    public Map<String, String> unpatchable(Map<String, String> sources) {
        Map<String, Built> built =
                new Makefiles(tree, architecture, cache, programs).read().objects();
        Map<String, String> reasons = new TreeMap<>();
        sources.forEach((object, source) -> {
            String why = why(Optional.ofNullable(built.get(object)), object, source);
            if (!why.isEmpty()) {
                reasons.put(object, why);
            }
        });
        return reasons;
    }

    private String why(Optional<Built> built, String object, String source) {
        if (Units.outside(architecture).stream().anyMatch(object::startsWith)
                && built.map(Built::inLibrary).orElse(true)) {
            return why(Kind.OUTSIDE);
        }
        if (built.isEmpty()) {
            return "is made for something else than the kernel and its modules, as its Makefiles say";
        }
        if (built.get().inLibrary()) {
            return why(Kind.LIBRARY_MEMBER);
        }
        return source.endsWith(".c")
                ? ""
                : source.endsWith(".S")
                        ? why(Kind.ASSEMBLER)
                        : "is not made from C, and only functions in C can be patched";
    }

    private static AffectedObjects sorted(Units units, IncludeGraph graph, Collection<String> changed) {
        Set<String> reached = graph.reaching(changed);
        Map<String, KernelObject> objects = new TreeMap<>();
        List<Unpatchable> unpatchable = new ArrayList<>();
        units.from(reached).forEach((object, source) -> {
            String why = why(object.kind());
            if (why.isEmpty()) {
                objects.put(object.path(), object);
            } else {
                unpatchable.add(new Unpatchable(object, why, changed.contains(source)));
            }
        });
        List<String> useless = changed.stream()
                .filter(file -> graph.reaching(List.of(file)).stream().noneMatch(source -> units.isSource(source)))
                .sorted()
                .toList();
        return new AffectedObjects(
                List.copyOf(objects.values()),
                unpatchable,
                useless.stream().filter(ObjectFinder::isSource).toList(),
                useless.stream().filter(Makefiles::isOne).toList(),
                useless.stream()
                        .filter(file -> !isSource(file) && !Makefiles.isOne(file))
                        .toList());
    }

    private static boolean isSource(String file) {
        return file.matches(".*\\.[chS]");
    }

    private static String why(Kind kind) {
        return switch (kind) {
            case C, GENERATED -> "";
            case ASSEMBLER -> "is made from an assembler file, and only functions in C can be patched";
            case LIBRARY_MEMBER -> "is a member of a library archive (lib-y), which the kernel may have linked or not";
            case OUTSIDE -> "is no part of the running kernel, but of the boot code, of a vDSO or of what kexec starts";
        };
    }
}
