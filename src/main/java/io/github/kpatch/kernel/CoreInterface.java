// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The kpatch core module of kernels without livepatch. Its 0.4 layout has {@code NAME/{enabled,checksum}} and
 * {@code NAME/OBJECT/FUNCTION,SYMPOS/}; the one before it {@code patches/NAME/{enabled,checksum}} and
 * {@code patches/NAME/functions/FUNCTION/}. It patches at once: there are no transitions.
 */
final class CoreInterface implements PatchInterface {
    private final Path directory;
    private final boolean objectsByName;
    private final Supplier<SystemCalls> systemCalls;

    private CoreInterface(Path directory, boolean objectsByName, Supplier<SystemCalls> systemCalls) {
        this.directory = directory;
        this.objectsByName = objectsByName;
        this.systemCalls = systemCalls;
    }

    /** The layout that is found below the core module's directory. */
    static CoreInterface at(Path core, Supplier<SystemCalls> systemCalls) {
        Path patches = core.resolve("patches");
        return KernelFiles.isDirectory(patches)
                ? new CoreInterface(patches, false, systemCalls)
                : new CoreInterface(core, true, systemCalls);
    }

    @Override
    public List<ModuleName> names() {
        return SysfsName.allIn(directory);
    }

    @Override
    public Optional<LoadedPatch> patch(ModuleName name) {
        Path enabled = directory.resolve(name.toString()).resolve("enabled");
        return KernelFiles.read(enabled)
                .map(text -> new LoadedPatch(name, PatchState.of(SysfsNumber.parse(enabled, text) != 0, false)));
    }

    @Override
    public OptionalInt stackOrder(ModuleName name) {
        return OptionalInt.empty();
    }

    @Override
    public List<LoadedObject> objects(ModuleName name) {
        Path patch = directory.resolve(name.toString());
        List<LoadedObject> objects = new ArrayList<>();
        for (String object : KernelFiles.directories(patch)) {
            // the older layout has one directory for all functions, and does not say which object they are of
            objects.add(new LoadedObject(
                    objectsByName ? object : "vmlinux",
                    SysfsFunctions.parse(KernelFiles.directories(patch.resolve(object))),
                    Optional.empty()));
        }
        return objects;
    }

    @Override
    public Optional<String> checksum(ModuleName name) {
        return KernelFiles.read(directory.resolve(name.toString()).resolve("checksum"));
    }

    @Override
    public Optional<Boolean> replaces(ModuleName name) {
        return Optional.empty();
    }

    @Override
    public void setEnabled(ModuleName name, boolean enabled) throws SystemCallException {
        systemCalls.get().writeAttribute(directory.resolve(name.toString()).resolve("enabled"), enabled ? "1" : "0");
    }

    @Override
    public void force(ModuleName name) {
        throw new KpatchException(
                Failure.KERNEL_REFUSED, name + ": the kpatch core module has no transition that could be forced");
    }

    @Override
    public boolean signal(ModuleName name) {
        return false;
    }

    @Override
    public boolean releasesReferences() {
        return false;
    }

    @Override
    public boolean isCore() {
        return true;
    }
}
