// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Which patch module an argument means: first a file, then what is installed for a kernel. */
final class ModuleLookup {
    private final InstallDb db;
    private final String kernelVersion;

    ModuleLookup(InstallDb db, String kernelVersion) {
        this.db = db;
        this.kernelVersion = kernelVersion;
    }

    /** The file that an argument means, be it its path or its name in the install DB. */
    Optional<Path> file(String argument) {
        if (argument.isEmpty()) {
            throw new KpatchException(Failure.NO_SUCH_MODULE, "the name of the patch module is empty");
        }
        Path path;
        try {
            path = Path.of(argument);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        if (Files.exists(path) && !Files.isDirectory(path)) {
            return Optional.of(path);
        }
        Optional<Path> installed = installed(argument).map(InstalledModule::file);
        // a directory that happens to be called like an installed module does not hide it
        return installed.isEmpty() && Files.exists(path) ? Optional.of(path) : installed;
    }

    /** The installed module that a name means: by its file's name, with or without suffix, then by its own name. */
    Optional<InstalledModule> installed(String argument) {
        if (argument.indexOf('/') >= 0) {
            return Optional.empty();
        }
        for (InstalledModule module : db.modules(kernelVersion)) {
            if (module.fileName().equals(argument) || module.fileName().equals(argument + ".ko")) {
                return Optional.of(module);
            }
        }
        Optional<ModuleName> name = ModuleName.fromArgument(argument);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        for (InstalledModule module : db.modules(kernelVersion)) {
            if (module.name().equals(name.get().toString())) {
                return Optional.of(module);
            }
        }
        return byOwnName(name.get());
    }

    private Optional<InstalledModule> byOwnName(ModuleName name) {
        for (InstalledModule module : db.modules(kernelVersion)) {
            if (PatchFile.readIfNamed(module.file(), name).isPresent()) {
                return Optional.of(module);
            }
        }
        return Optional.empty();
    }
}
