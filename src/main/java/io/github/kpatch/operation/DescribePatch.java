// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.InstallDb;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a patch module is: as its file says, or, where only the kernel has it, as the kernel shows it. */
public final class DescribePatch {
    private final Host host;

    public DescribePatch(Host host) {
        this.host = host;
    }

    /** What there is to say about a patch module. */
    public sealed interface Description {}

    /** A patch module on disk. */
    public record OnDisk(ModuleFile file) implements Description {}

    /**
     * A patch module of which only the kernel has a copy.
     *
     * @param patch its state
     * @param srcversion the checksum of its sources, where it has one
     * @param objects what it patches
     */
    public record InMemory(LoadedPatch patch, Optional<String> srcversion, List<LoadedObject> objects)
            implements Description {}

    public Description describe(String argument, Optional<Path> root) {
        InstallDb db = root.map(host::dbUnder).orElse(host.db());
        Optional<Path> file = new ModuleLookup(db, host.kernel().version()).file(argument);
        if (file.isPresent()) {
            return new OnDisk(PatchFile.read(file.get()));
        }
        Optional<PatchInterface> patches = root.isPresent() ? Optional.empty() : host.patchInterface();
        Optional<LoadedPatch> patch = ModuleName.fromArgument(argument).flatMap(n -> patches.flatMap(p -> p.patch(n)));
        if (patch.isEmpty()) {
            throw PatchFile.noSuchModule(argument);
        }
        ModuleName name = patch.get().name();
        return new InMemory(
                patch.get(),
                host.modules().attribute(name, "srcversion"),
                patches.orElseThrow().objects(name));
    }
}
