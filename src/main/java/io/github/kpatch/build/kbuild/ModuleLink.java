// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Links a patch module as kbuild links a module from outside of its tree, with vermagic and symbol versions. */
public final class ModuleLink {
    private final Make make;
    private final Path directory;

    /**
     * Links in one directory.
     *
     * @param directory of ours; what is in it is removed
     */
    public ModuleLink(Make make, Path directory) {
        this.make = make;
        this.directory = directory;
    }

    /** Links it; what comes of it is in the file that is returned. */
    public Path link(ModuleParts parts) {
        Disk.remove(directory);
        Disk.makeDirectory(directory);
        Disk.write(directory.resolve("kpatch-module.c"), TreePreparation.resource("kpatch-module.c"));
        Disk.write(directory.resolve("kpatch-tables.h"), parts.header().getBytes(StandardCharsets.UTF_8));
        Disk.write(directory.resolve("Kbuild"), parts.kbuild());
        for (int i = 0; i < parts.parts().size(); i++) {
            Path object = directory.resolve(ModuleParts.object(i));
            Disk.copy(parts.parts().get(i).object(), object);
            // kbuild wants to know how an object was made where it sums up sources (CONFIG_MODULE_SRCVERSION_ALL)
            Disk.write(CommandFile.of(object), "savedcmd_" + object + " := :\n");
        }
        make.onModule(directory).run("the patch module " + parts.name(), List.of("KCFLAGS=-g0", "modules"));
        return directory.resolve(parts.name() + ".ko");
    }
}
