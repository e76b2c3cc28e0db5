// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.FileKind;
import io.github.kpatch.module.Sha256;
import io.github.kpatch.module.VersionOrder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The install DB, {@code DB/KERNELVERSION/FILE.ko}. The layout is an interface: packages put files there themselves,
 * and other programs list it. Hidden files are nobody's modules.
 */
public final class InstallDb {
    private static final Comparator<String> ORDER = new VersionOrder();

    private final Path directory;
    private final Ownership ownership;

    /**
     * @param directory the DB's directory, which need not be there
     * @param owner the user who must own it, beside root, so that nobody else can put modules there
     */
    public InstallDb(Path directory, IntSupplier owner) {
        this.directory = directory;
        this.ownership = new Ownership(owner);
    }

    /** Everything installed, in version order of the kernels and of the files. */
    public List<InstalledModule> modules() {
        List<InstalledModule> modules = new ArrayList<>();
        for (String kernelVersion : kernelVersions()) {
            addModules(modules, kernelVersion, directory.resolve(kernelVersion));
        }
        return modules;
    }

    /** The kernels for which something may be installed, in version order. */
    public List<String> kernelVersions() {
        List<String> versions = entries(directory);
        versions.removeIf(name -> !isPrintable(name) || name.equals("lost+found"));
        return versions;
    }

    /** What is installed for one kernel, in version order of the files. */
    public List<InstalledModule> modules(String kernelVersion) {
        List<InstalledModule> modules = new ArrayList<>();
        addModules(modules, kernelVersion, kernelDirectory(kernelVersion));
        return modules;
    }

    /** What kpatch has installed, and not uninstalled, and is not there, in the order of {@link #modules()}. */
    public List<InstalledModule> missing() {
        List<InstalledModule> onRecord = new ArrayList<>();
        Path records = records().fingerprints();
        for (String kernelVersion : entries(records)) {
            for (String fileName : entries(records.resolve(kernelVersion))) {
                onRecord.add(new InstalledModule(kernelVersion, directory.resolve(kernelVersion), fileName));
            }
        }
        // one that is being uninstalled has no record any more when its file goes
        onRecord.removeIf(module -> Names.kind(module.file(), LinkOption.NOFOLLOW_LINKS) != FileKind.NONE
                || records()
                        .fingerprints(module.kernelVersion())
                        .find(module.fileName())
                        .isEmpty());
        return onRecord;
    }

    private static void addModules(List<InstalledModule> modules, String kernelVersion, Path kernel) {
        for (String name : entries(kernel)) {
            if (name.endsWith(InstalledModule.SUFFIX) && name.length() > InstalledModule.SUFFIX.length()) {
                modules.add(new InstalledModule(kernelVersion, kernel, name));
            }
        }
    }

    /** Keeps other kpatch processes from changing the DB until the lock is closed; the DB is made if need be. */
    public Lock lock(Runnable waiting) {
        try {
            DurableFile.createDirectory(directory);
        } catch (IOException e) {
            throw Reason.failure(directory, "cannot be created", e);
        }
        return Lock.take(directory.resolve(".lock"), waiting);
    }

    /**
     * Installs a module durably: after this it is there whole, and if this fails or the machine does, it is either
     * there whole or not at all. Call it with the lock held.
     *
     * @throws KpatchException if a file has its name
     */
    public InstalledModule install(String kernelVersion, String fileName, byte[] content) {
        InstalledModule module = module(kernelVersion, fileName);
        requireFree(module);
        Path kernel = module.directory();
        boolean isNew = Names.kind(kernel, LinkOption.NOFOLLOW_LINKS) == FileKind.NONE;
        try {
            DurableFile.createDirectory(kernel);
            DurableFile.write(module.file(), content);
            return module;
        } catch (IOException e) {
            if (isNew) {
                removeIfEmpty(kernel);
            }
            throw Reason.failure(kernel, "cannot be written", e);
        }
    }

    /** What is remembered of the modules. */
    public Records records() {
        return new Records(directory.resolve(".kpatch"));
    }

    /** The SHA-256 of a module's content, in hexadecimal digits. */
    public String fingerprint(InstalledModule module) {
        Path file = module.file();
        FileKind kind = Names.kind(file);
        if (kind == FileKind.NONE && Names.kind(file, LinkOption.NOFOLLOW_LINKS) == FileKind.NONE) {
            throw gone(module);
        }
        if (kind != FileKind.REGULAR) {
            throw new KpatchException(Failure.REFUSED, file + ": is not a regular file", "remove it");
        }
        try (InputStream content = Files.newInputStream(file)) {
            return Sha256.of(content);
        } catch (NoSuchFileException e) {
            throw gone(module);
        } catch (IOException e) {
            throw Reason.failure(module.file(), "cannot be read", e);
        }
    }

    private static KpatchException gone(InstalledModule module) {
        return new KpatchException(
                Failure.NO_SUCH_MODULE, module.file() + ": is not installed any more", "'kpatch list' shows what is");
    }

    /** A module that is there, or would be. */
    public InstalledModule module(String kernelVersion, String fileName) {
        return new InstalledModule(kernelVersion, kernelDirectory(kernelVersion), fileName);
    }

    /** Refuses a name that is taken, by whatever it is. */
    public void requireFree(InstalledModule module) {
        if (Names.kind(module.file(), LinkOption.NOFOLLOW_LINKS) != FileKind.NONE) {
            throw new KpatchException(
                    Failure.REFUSED,
                    module.fileName() + ": another file of that name is installed for kernel " + module.kernelVersion(),
                    "uninstall it first, or give this one another name");
        }
    }

    /** Takes back what a failed install made; what cannot be taken back does no harm. */
    private static void removeIfEmpty(Path kernel) {
        try {
            Files.deleteIfExists(kernel);
        } catch (IOException e) {
            // there are modules in it, or the disk does not take this either
        }
    }

    /** Removes a module, if it is there, and the directories that this leaves empty. Call it with the lock held. */
    public void remove(InstalledModule module) {
        Path kernel = kernelDirectory(module.kernelVersion());
        try {
            if (!Files.deleteIfExists(module.file())) {
                return;
            }
            DurableFile.sync(kernel);
            if (Names.in(kernel).isEmpty()) {
                Files.delete(kernel);
                DurableFile.sync(directory);
            }
        } catch (IOException e) {
            throw Reason.failure(module.file(), "cannot be removed", e);
        }
    }

    /** Removes what a crash or a full disk left half-written. Call it with the lock held. */
    public void removeUnfinished() {
        for (Path file : unfinished()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw Reason.failure(file, "is unfinished and cannot be removed", e);
            }
        }
    }

    /** Whether a crash or a full disk left something half-written, or another process is writing. */
    public boolean hasUnfinished() {
        return !unfinished().isEmpty();
    }

    private List<Path> unfinished() {
        List<Path> unfinished = new ArrayList<>();
        for (String kernelVersion : kernelVersions()) {
            Path kernel = directory.resolve(kernelVersion);
            for (String name : Names.in(kernel)) {
                if (DurableFile.isUnfinished(name)) {
                    unfinished.add(kernel.resolve(name));
                }
            }
        }
        return unfinished;
    }

    /** The path that an argument is, in the DB or elsewhere, on the file system that the DB is on. */
    public Path path(String argument) {
        return directory.getFileSystem().getPath(argument);
    }

    /** Whether a file lies in this DB. */
    public boolean holds(Path file) {
        return file.toAbsolutePath()
                .normalize()
                .startsWith(directory.toAbsolutePath().normalize());
    }

    /** The installed module that a file is, if it is one. */
    public Optional<InstalledModule> moduleAt(Path file) {
        Path kernel = file.toAbsolutePath().normalize().getParent();
        return kernel != null
                        && directory.toAbsolutePath().normalize().equals(kernel.getParent())
                        && kernelVersions().contains(String.valueOf(kernel.getFileName()))
                ? Optional.of(module(String.valueOf(kernel.getFileName()), String.valueOf(file.getFileName())))
                : Optional.empty();
    }

    /** Refuses a DB, or a kernel's directory in it, that others than its owner may write to. */
    public void checkSafe(String kernelVersion) {
        ownership.require(directory);
        ownership.require(kernelDirectory(kernelVersion));
    }

    /** Refuses a file in the DB that others than its owner may write to. */
    public void checkSafeFile(Path file) {
        ownership.require(file);
    }

    private Path kernelDirectory(String kernelVersion) {
        if (kernelVersion.isEmpty()
                || kernelVersion.startsWith(".")
                || kernelVersion.indexOf('/') >= 0
                || !isPrintable(kernelVersion)) {
            throw new KpatchException(
                    Failure.REFUSED, kernelVersion + ": is no kernel version", "'uname -r' shows the running kernel's");
        }
        return directory.resolve(kernelVersion);
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** The names in a directory that are not hidden, in version order; none where there is no such directory. */
    private static List<String> entries(Path path) {
        List<String> names = new ArrayList<>();
        for (String name : Names.in(path)) {
            if (!name.startsWith(".")) {
                names.add(name);
            }
        }
        names.sort(ORDER);
        return names;
    }
}
