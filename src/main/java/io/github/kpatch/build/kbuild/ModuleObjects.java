// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The objects of modules from outside of the kernel's tree: as few as they are, a build says what was read for each. */
public final class ModuleObjects {
    private final Make make;
    private final KbuildSettings settings;

    public ModuleObjects(Make make, KbuildSettings settings) {
        this.make = make;
        this.settings = settings;
    }

    /**
     * An object.
     *
     * @param path in the modules' sources
     * @param module the one that it is part of, by its name in the kernel
     * @param files what was read for it, its source first, by the paths in the modules' sources
     */
    public record ModuleObject(String path, String module, List<String> files) {}

    /** Builds the modules, and gives all their objects. */
    public List<ModuleObject> build() {
        make.run(
                "the module",
                Stream.concat(settings.ofObjects().stream(), Stream.of("modules"))
                        .toList());
        List<ModuleObject> objects = new ArrayList<>();
        for (Path note : notes()) {
            String name = note.getFileName().toString();
            Path object = note.resolveSibling(name.substring(1, name.length() - ".cmd".length()));
            CommandFile command = new CommandFile(Disk.text(note));
            objects.add(new ModuleObject(
                    make.tree().relativize(object).toString(),
                    command.module().orElse(""),
                    command.dependencies().stream().map(this::inSources).toList()));
        }
        return objects;
    }

    private List<Path> notes() {
        return Disk.with(make.tree(), "cannot be read", () -> {
            try (Stream<Path> all = Files.walk(make.tree())) {
                return all.filter(file -> file.getFileName().toString().matches("\\..*(?<!\\.mod)\\.o\\.cmd"))
                        .sorted()
                        .toList();
            }
        });
    }

    private String inSources(String file) {
        Path path = make.tree().resolve(file).normalize();
        return path.startsWith(make.tree()) ? make.tree().relativize(path).toString() : file;
    }
}
