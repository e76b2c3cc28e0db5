// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.module.Advisory;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.InstalledModule;
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

    /**
     * A patch module on disk.
     *
     * @param early whether it is installed, and loaded from the initramfs
     * @param onHold whether it is installed, and not loaded at boot
     * @param advisory what it fixes, by itself and by what lies beside it or did when it was installed
     */
    public record OnDisk(ModuleFile file, boolean early, boolean onHold, Advisory advisory) implements Description {}

    /**
     * A patch module of which only the kernel has a copy.
     *
     * @param patch its state
     * @param srcversion the checksum of its sources, where it has one
     * @param objects what it patches
     */
    public record InMemory(LoadedPatch patch, Optional<String> srcversion, List<LoadedObject> objects)
            implements Description {}

    /**
     * Describes the patch module that an argument means: a file, an installed module, or the name of a loaded one.
     *
     * @param kernelVersion the kernel it is installed for; by default the running one, or else the newest that has it
     * @param root another root to look in
     */
    public Description describe(String argument, Optional<String> kernelVersion, Optional<Path> root) {
        InstallDb db = root.map(host::dbUnder).orElse(host.db());
        ModuleLookup lookup = new ModuleLookup(
                host, db, kernelVersion.orElseGet(() -> host.kernel().version()));
        Optional<Path> file = lookup.file(argument);
        if (file.isPresent()) {
            return onDisk(file.get(), db);
        }
        if (kernelVersion.isEmpty()) {
            Optional<Description> loaded = root.isPresent() ? Optional.empty() : loaded(argument);
            if (loaded.isPresent()) {
                return loaded.get();
            }
            for (InstalledModule module : lookup.installedForAny(argument)) {
                return onDisk(module.file(), db);
            }
        }
        throw lookup.noSuchModule(argument);
    }

    private OnDisk onDisk(Path file, InstallDb db) {
        Optional<InstalledModule> installed = db.moduleAt(file);
        ModuleFile module = host.files().read(file);
        Optional<Advisory> beside = installed.isPresent()
                ? db.records().advisory(installed.get(), module)
                : host.files().beside(file).map(PatchFiles.Beside::advisory);
        return new OnDisk(
                module,
                installed.filter(db.records()::isEarly).isPresent(),
                installed.filter(db.records()::isOnHold).isPresent(),
                Advisory.of(module.module(), beside));
    }

    private Optional<Description> loaded(String argument) {
        Optional<PatchInterface> patches = host.patchInterface();
        Optional<LoadedPatch> patch = ModuleName.fromArgument(argument).flatMap(n -> patches.flatMap(p -> p.patch(n)));
        return patch.map(p -> new InMemory(
                p,
                host.modules().attribute(p.name(), "srcversion"),
                patches.orElseThrow().objects(p.name())));
    }
}
