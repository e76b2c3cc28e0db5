// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import io.github.kpatch.build.AffectedFinder;
import io.github.kpatch.build.BuildParts;
import io.github.kpatch.build.ObjectDiffer.Pair;
import io.github.kpatch.build.SourcePatches;
import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.cli.Environment;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.testing.FakeKbuild;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A machine with kbuild, a kernel's sources in a directory, and patches. A patch is the name of a file in the tree and
 * its new text; what make compiles of a source is its text, and each line of it that differs is a changed function.
 */
final class BuildScene {
    static final String GCC = "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0";
    static final String SOURCE = "fs/proc/meminfo.c";
    static final String OBJECT = "fs/proc/meminfo.o";

    final FakeMachine machine;
    final Path sources;
    final Path home;
    /** What compiles all of a tree. */
    final FakeKbuild kbuild = new FakeKbuild();
    /** What the differ refuses. */
    final List<String> refusals = new ArrayList<>();

    final List<String> callbacks = new ArrayList<>();
    /** What else the finder has to tell. */
    final List<String> notes = new ArrayList<>();
    /** The modules from outside that objects are part of, where it is not oot_thing. */
    final Map<String, String> modules = new HashMap<>();
    /** Called each time that make compiles objects. */
    Runnable whileCompiling = () -> {};

    BuildScene(Path directory) {
        machine = new FakeMachine(directory);
        sources = machine.home().resolve("linux");
        home = machine.home().resolve(".kpatch");
        Path root = machine.roots().root();
        Disk.write(sources.resolve("Makefile"), "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n");
        Disk.write(sources.resolve(SOURCE), "one\ntwo\n");
        Disk.write(
                root.resolve("boot/config-" + FakeKernel.VERSION),
                "CONFIG_X86_64=y\nCONFIG_LIVEPATCH=y\nCONFIG_CC_VERSION_TEXT=\"" + GCC + "\"\n");
        Disk.write(root.resolve("usr/src/linux-headers-" + FakeKernel.VERSION + "/Module.symvers"), "symvers");
        begin();
    }

    /** Has the programs run that an interrupt has stopped. */
    void begin() {
        machine.tools().has("gcc-12", 0, GCC).has("make", this::make);
    }

    private int make(List<String> command, Path tree, Consumer<String> line) {
        Optional<Path> module = command.stream()
                .filter(word -> word.startsWith("M="))
                .map(word -> Path.of(word.substring(2)))
                .findFirst();
        if (module.isPresent() && Files.exists(module.get().resolve("kpatch-module.c"))) {
            return link(module.get());
        }
        String last = command.get(command.size() - 1);
        if (last.equals(".") || last.endsWith("/")) {
            whileCompiling.run();
            return kbuild.make(tree, last, line);
        }
        Path place = module.orElse(tree);
        List<String> objects = new ArrayList<>(
                command.stream().filter(word -> word.endsWith(".o")).toList());
        if (objects.isEmpty() && module.isPresent()) {
            objects.addAll(List.of("main.o", "sub/other.o"));
        } else if (!objects.isEmpty()) {
            whileCompiling.run();
        }
        return compile(place, objects, module.isPresent(), line);
    }

    private int compile(Path place, List<String> objects, boolean ofModule, Consumer<String> line) {
        for (String object : objects) {
            String options = ofModule
                    ? " -DMODULE -DKBUILD_MODNAME='\"" + modules.getOrDefault(object, "oot_thing") + "\"' "
                    : "";
            String source = object.replace(".o", ".c");
            String text = Disk.text(place.resolve(source));
            if (text.contains("wrong")) {
                line.accept(source + ":2:1: error: 'wrong' undeclared");
                return 2;
            }
            Disk.write(place.resolve(object), text);
            Path note =
                    place.resolve(object).resolveSibling("." + Path.of(object).getFileName() + ".cmd");
            Disk.write(note, "cmd_x := gcc" + options + "\nsource_x := " + source + "\n");
        }
        return 0;
    }

    private static int link(Path directory) {
        String makefile = Disk.text(directory.resolve("Kbuild"));
        String name = makefile.substring("obj-m := ".length(), makefile.indexOf(".o"));
        Disk.write(directory.resolve(name + ".ko"), Disk.text(directory.resolve("kpatch-tables.h")));
        return 0;
    }

    /** Writes a patch. */
    Path patch(String name, String file, String text) {
        Path patch = machine.home().resolve(name);
        Disk.write(patch, file + "\n" + text);
        return patch;
    }

    /** Runs kpatch-build, on the sources in the directory. */
    Outcome build(Object... arguments) {
        return run(Stream.concat(Stream.of("-s", sources, "-o", machine.home()), Stream.of(arguments))
                .toArray());
    }

    Outcome run(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Environment environment =
                new Environment(log -> machine, Map.of("HOME", machine.home().toString()), false, false, false);
        BuildParts parts = new BuildParts(
                release -> Optional.empty(),
                new PlainPatches(),
                new ByName(),
                differing -> this::difference,
                module -> Disk.write(module, Disk.text(module) + "finished\n"));
        int status = new BuildCli(environment, m -> parts)
                .run(Stream.of(arguments).map(Object::toString).toArray(String[]::new), out, err);
        return new Outcome(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), status);
    }

    /** Takes each C file for the source of an object, and assembler files for what cannot be patched. */
    private final class ByName implements AffectedFinder {
        @Override
        public Affected of(Path tree, List<String> files) {
            List<String> objects = files.stream()
                    .filter(file -> file.endsWith(".c"))
                    .map(file -> file.replace(".c", ".o"))
                    .toList();
            List<String> ignored = files.stream()
                    .filter(file -> !file.matches(".*[.][cS]"))
                    .map(file -> file + ": is not compiled")
                    .toList();
            return new Affected(objects, assemblerFiles(files), ignored, notes);
        }

        @Override
        public List<String> refusals(Path tree, Map<String, String> sources) {
            return assemblerFiles(sources.values());
        }

        private static List<String> assemblerFiles(Collection<String> files) {
            return files.stream()
                    .filter(file -> file.endsWith(".S"))
                    .map(file -> file + " is an assembler file, and only functions in C can be patched")
                    .toList();
        }
    }

    private Difference difference(Pair pair) {
        List<String> changed = new ArrayList<>(Disk.text(pair.patched()).lines().toList());
        changed.removeAll(Disk.text(pair.original()).lines().toList());
        Optional<Difference.Output> output = Optional.empty();
        if (!changed.isEmpty()) {
            output = Optional.of(new Difference.Output(new RelocatableObject(62, 0), changed.size(), callbacks));
        }
        return new Difference(changed, List.of(), List.of(), refusals, List.of(), output);
    }

    /** Keeps the originals in files of the same names. */
    private static final class PlainPatches implements SourcePatches {
        @Override
        public Plan plan(Path tree, String treeName, List<Path> patches) {
            Map<String, String> texts = new LinkedHashMap<>();
            for (Path patch : patches) {
                String text = Disk.text(patch);
                String file = text.substring(0, text.indexOf('\n'));
                if (Disk.textIfThere(tree.resolve(file)).isEmpty()) {
                    throw new KpatchException(
                            Failure.REFUSED, patch + ": is about " + file + ", which is not in " + treeName);
                }
                texts.merge(file, text.substring(text.indexOf('\n') + 1), String::concat);
            }
            return new PlainPlan(tree, texts);
        }

        @Override
        public boolean takeBack(Path tree, Path restore) {
            List<Path> saved = Disk.entries(restore);
            for (Path original : saved) {
                Disk.copy(
                        original, tree.resolve(original.getFileName().toString().replace('!', '/')));
                Disk.remove(original);
            }
            return !saved.isEmpty();
        }
    }

    private record PlainPlan(Path tree, Map<String, String> texts) implements SourcePatches.Plan {
        @Override
        public List<String> files() {
            return List.copyOf(texts.keySet());
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public void apply(Path restore) {
            texts.forEach((file, text) -> {
                Disk.copy(tree.resolve(file), restore.resolve(file.replace('/', '!')));
                Disk.write(tree.resolve(file), text);
            });
        }
    }
}
