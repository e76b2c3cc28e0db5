// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.build.source.BuiltObjects.Built;
import io.github.kpatch.build.source.KernelObject.Kind;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The objects of a tree by the files that they are compiled from. */
final class Units {
    private final Path tree;
    private final List<String> outside;
    private final Map<String, List<KernelObject>> bySource = new HashMap<>();
    private final List<KernelObject> generated = new ArrayList<>();

    Units(Path tree, String architecture, IncludePaths paths, BuiltObjects built) {
        this.tree = tree;
        this.outside = outside(architecture);
        built.objects().forEach((path, object) -> add(paths, path, object));
        outside.forEach(this::addOutside);
    }

    /** The directories with what is no part of the kernel, as far as it is not linked into it. */
    static List<String> outside(String architecture) {
        String arch = "arch/" + architecture;
        return List.of(
                arch + "/boot/",
                arch + "/entry/vdso/",
                arch + "/purgatory/",
                arch + "/realmode/rm/",
                "drivers/firmware/efi/libstub/");
    }

    /** The files that objects are compiled from, those that are no part of the kernel among them. */
    Set<String> sources() {
        return bySource.keySet();
    }

    boolean isSource(String file) {
        return bySource.containsKey(file);
    }

    /**
     * The objects that are compiled from some files, each with its file. Of an object whose source a build makes first
     * nobody knows what it includes: it is taken for the same as its neighbours do.
     */
    Map<KernelObject, String> from(Set<String> files) {
        Map<KernelObject, String> objects = new LinkedHashMap<>();
        Map<String, String> directories = new HashMap<>();
        for (String file : files) {
            bySource.getOrDefault(file, List.of()).forEach(object -> objects.put(object, file));
            if (!Makefiles.isOne(file)) {
                directories.put(IncludePaths.directoryOf(file), file);
            }
        }
        for (KernelObject object : generated) {
            String neighbour = directories.get(IncludePaths.directoryOf(object.path()));
            if (neighbour != null) {
                objects.put(object, neighbour);
            }
        }
        return objects;
    }

    private void add(IncludePaths paths, String path, Built object) {
        String stem = path.substring(0, path.length() - ".o".length());
        boolean c = paths.has(stem + ".c");
        boolean assembler = !c && paths.has(stem + ".S");
        Kind kind = object.inLibrary() ? Kind.LIBRARY_MEMBER : c ? Kind.C : assembler ? Kind.ASSEMBLER : Kind.GENERATED;
        if (!c && !assembler) {
            if (!isOutside(path) && !paths.has(stem + ".rs")) { // what is in Rust includes no header
                generated.add(new KernelObject(path, object.target(), kind, object.modules()));
            }
        } else if (!object.inLibrary() || !isOutside(path)) {
            add(stem + (c ? ".c" : ".S"), new KernelObject(path, object.target(), kind, object.modules()));
        }
    }

    private void add(String source, KernelObject object) {
        bySource.computeIfAbsent(source, name -> new ArrayList<>()).add(object);
    }

    private boolean isOutside(String path) {
        return outside.stream().anyMatch(path::startsWith);
    }

    /** What kbuild does not link into the kernel of these directories is no part of it. */
    private void addOutside(String directory) {
        Path top = tree.resolve(directory);
        if (Files.notExists(top)) {
            return;
        }
        try (Stream<Path> files = Files.walk(top)) {
            files.map(file -> tree.relativize(file).toString())
                    .filter(name -> name.matches(".*\\.[cS]") && !bySource.containsKey(name))
                    .forEach(name -> {
                        String path = name.substring(0, name.length() - 1) + 'o';
                        add(name, new KernelObject(path, path, Kind.OUTSIDE, Set.of()));
                    });
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, top + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
