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

/** Upstream livepatch, /sys/kernel/livepatch (Documentation/ABI/testing/sysfs-kernel-livepatch). */
final class LivepatchInterface implements PatchInterface {
    private final Path directory;
    private final Supplier<SystemCalls> systemCalls;

    LivepatchInterface(Path directory, Supplier<SystemCalls> systemCalls) {
        this.directory = directory;
        this.systemCalls = systemCalls;
    }

    @Override
    public List<ModuleName> names() {
        return SysfsName.allIn(directory);
    }

    @Override
    public Optional<LoadedPatch> patch(ModuleName name) {
        Path patch = directory.resolve(name.toString());
        Optional<Boolean> enabled = flag(patch.resolve("enabled"));
        if (enabled.isEmpty()) {
            return Optional.empty();
        }
        boolean inTransition = flag(patch.resolve("transition")).orElse(false);
        return Optional.of(new LoadedPatch(name, PatchState.of(enabled.get(), inTransition)));
    }

    /** The attribute is there since 6.14. */
    @Override
    public OptionalInt stackOrder(ModuleName name) {
        Path file = attribute(name, "stack_order");
        Optional<String> text = KernelFiles.read(file);
        return text.isPresent() ? OptionalInt.of(SysfsNumber.parse(file, text.get())) : OptionalInt.empty();
    }

    @Override
    public List<LoadedObject> objects(ModuleName name) {
        Path patch = directory.resolve(name.toString());
        List<LoadedObject> objects = new ArrayList<>();
        for (String object : KernelFiles.directories(patch)) {
            Path path = patch.resolve(object);
            objects.add(new LoadedObject(
                    object, SysfsFunctions.parse(KernelFiles.directories(path)), flag(path.resolve("patched"))));
        }
        return objects;
    }

    @Override
    public Optional<String> checksum(ModuleName name) {
        return Optional.empty();
    }

    /** The attribute is there since 6.11. */
    @Override
    public Optional<Boolean> replaces(ModuleName name) {
        return flag(attribute(name, "replace"));
    }

    @Override
    public void setEnabled(ModuleName name, boolean enabled) throws SystemCallException {
        write(name, "enabled", enabled ? "1" : "0");
    }

    @Override
    public void force(ModuleName name) throws SystemCallException {
        if (!KernelFiles.exists(attribute(name, "force"))) {
            throw new KpatchException(
                    Failure.KERNEL_REFUSED,
                    name + ": this kernel has no way to force a transition (Linux 4.15 brought it)");
        }
        write(name, "force", "1");
    }

    @Override
    public boolean signal(ModuleName name) throws SystemCallException {
        if (!KernelFiles.exists(attribute(name, "signal"))) {
            return false;
        }
        write(name, "signal", "1");
        return true;
    }

    @Override
    public boolean releasesReferences() {
        return true;
    }

    @Override
    public boolean isCore() {
        return false;
    }

    private void write(ModuleName name, String attribute, String value) throws SystemCallException {
        systemCalls.get().writeAttribute(attribute(name, attribute), value);
    }

    private Path attribute(ModuleName name, String attribute) {
        return directory.resolve(name.toString()).resolve(attribute);
    }

    private static Optional<Boolean> flag(Path file) {
        return KernelFiles.read(file).map(text -> SysfsNumber.parse(file, text) != 0);
    }
}
