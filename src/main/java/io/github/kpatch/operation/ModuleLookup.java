// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.FileKind;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Which patch module an argument means: first a file, then what is installed for a kernel. */
final class ModuleLookup {
    private final Host host;
    private final InstallDb db;
    private final String kernelVersion;

    ModuleLookup(Host host, InstallDb db, String kernelVersion) {
        this.host = host;
        this.db = db;
        this.kernelVersion = kernelVersion;
    }

    /** The file that an argument means, be it its path or its name in the install DB; a directory is no file. */
    Optional<Path> file(String argument) {
        if (argument.isEmpty()) {
            throw new KpatchException(Failure.NO_SUCH_MODULE, "the name of the patch module is empty");
        }
        Optional<Path> file = asFile(db, argument);
        return file.isPresent() ? file : installed(argument).map(InstalledModule::file);
    }

    /** Refuses a path, where only names are taken. */
    static void requireName(String argument, String verb) {
        if (argument.indexOf('/') >= 0) {
            throw new KpatchException(
                    Failure.REFUSED, argument + ": is a path, and " + verb + " takes a name as 'kpatch list' shows it");
        }
    }

    /** The file that an argument is the path of. */
    static Optional<Path> asFile(InstallDb db, String argument) {
        Path path = db.path(argument);
        try {
            FileKind kind = FileKind.of(path);
            return kind == FileKind.NONE || kind == FileKind.DIRECTORY ? Optional.empty() : Optional.of(path);
        } catch (AccessDeniedException e) {
            if (argument.indexOf('/') >= 0) {
                throw outOfReach(argument);
            }
            return Optional.empty(); // a name means what is installed, where the working directory is not for this user
        } catch (IOException e) {
            throw PatchFiles.unreadable(path, e);
        }
    }

    /** The installed module that a name means: by its file's name, with or without suffix, then by its own name. */
    Optional<InstalledModule> installed(String argument) {
        Optional<InstalledModule> named = byFileName(argument);
        return named.isPresent() ? named : byOwnName(argument);
    }

    /** What a name means of that which was installed and is gone. */
    Optional<InstalledModule> missing(String argument) {
        return db.missing().stream()
                .filter(module -> module.kernelVersion().equals(kernelVersion))
                .filter(module -> module.fileName().equals(argument)
                        || ModuleName.fromArgument(argument)
                                .map(ModuleName::toString)
                                .equals(Optional.of(module.name())))
                .findFirst();
    }

    /** What a name means for each of the kernels that have such a module, the newest kernel first. */
    List<InstalledModule> installedForAny(String argument) {
        List<InstalledModule> named = forAny(argument, ModuleLookup::byFileName);
        return named.isEmpty() ? forAny(argument, ModuleLookup::byOwnName) : named;
    }

    private List<InstalledModule> forAny(
            String argument, BiFunction<ModuleLookup, String, Optional<InstalledModule>> way) {
        List<InstalledModule> modules = new ArrayList<>();
        List<String> versions = db.kernelVersions();
        for (int i = versions.size() - 1; i >= 0; i--) {
            way.apply(new ModuleLookup(host, db, versions.get(i)), argument).ifPresent(modules::add);
        }
        return modules;
    }

    /** The failure that an argument means neither a file nor an installed module. */
    KpatchException noSuchModule(String argument) {
        if (Files.isDirectory(db.path(argument))) {
            return new KpatchException(
                    Failure.REFUSED, argument + ": is a directory", "name the patch module's file in it");
        }
        if (isOutOfReach(argument)) {
            return outOfReach(argument);
        }
        return noneOf(
                argument,
                "no such patch module: there is no such file, and none of that name is installed",
                "get the build for that kernel");
    }

    private static KpatchException outOfReach(String argument) {
        return new KpatchException(
                Failure.NOT_PERMITTED, argument + ": is in a directory that may not be searched", "run kpatch as root");
    }

    private boolean isOutOfReach(String argument) {
        try {
            Files.getLastModifiedTime(db.path(argument));
            return false;
        } catch (AccessDeniedException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The failure that a name means no installed module. */
    KpatchException notInstalled(String name) {
        return noneOf(name, "no such patch module is installed", "say with -k if that is meant");
    }

    /** @param elsewhere what to do if there is one for another kernel */
    private KpatchException noneOf(String name, String message, String elsewhere) {
        List<String> versions = new ArrayList<>();
        for (InstalledModule module : forAny(name, ModuleLookup::byFileName)) {
            versions.add(module.kernelVersion());
        }
        String none = name + ": " + message + " for kernel " + kernelVersion;
        return versions.isEmpty()
                ? new KpatchException(Failure.NO_SUCH_MODULE, none, "'kpatch list' shows those that are")
                : new KpatchException(
                        Failure.NO_SUCH_MODULE, none + ", only for " + String.join(" and ", versions), elsewhere);
    }

    private Optional<InstalledModule> byFileName(String argument) {
        if (argument.indexOf('/') >= 0) {
            return Optional.empty();
        }
        List<InstalledModule> modules = db.modules(kernelVersion);
        for (InstalledModule module : modules) {
            if (module.fileName().equals(argument) || module.fileName().equals(argument + ".ko")) {
                return Optional.of(module);
            }
        }
        // the name of a file need not be one that a module can have
        String name =
                (argument.endsWith(".ko") ? argument.substring(0, argument.length() - 3) : argument).replace('-', '_');
        Optional<String> unpacked = ModuleName.fromArgument(argument).map(ModuleName::toString);
        for (InstalledModule module : modules) {
            if (module.name().equals(name) || unpacked.equals(Optional.of(module.name()))) {
                return Optional.of(module);
            }
        }
        return Optional.empty();
    }

    private Optional<InstalledModule> byOwnName(String argument) {
        Optional<ModuleName> name = ModuleName.fromArgument(argument);
        if (name.isPresent()) {
            for (InstalledModule module : db.modules(kernelVersion)) {
                if (host.files().readIfNamed(module.file(), name.get()).isPresent()) {
                    return Optional.of(module);
                }
            }
        }
        return Optional.empty();
    }
}
