// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
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
     * Builds the modules, and gives the objects for which files were read.
     *
     * @param files paths in the modules' sources
     */
    public List<String> affectedBy(Collection<String> files) {
        make.run(
                "the module",
                Stream.concat(settings.ofObjects().stream(), Stream.of("modules"))
                        .toList());
        List<String> objects = new ArrayList<>();
        for (Path note : notes()) {
            String name = note.getFileName().toString();
            Path object = note.resolveSibling(name.substring(1, name.length() - ".cmd".length()));
            boolean affected = new CommandFile(Disk.text(note))
                    .dependencies().stream().map(this::inSources).anyMatch(files::contains);
            if (affected) {
                objects.add(make.tree().relativize(object).toString());
            }
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
