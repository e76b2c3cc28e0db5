// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.klp.LivepatchRelocations;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.symbols.Banner;
import io.github.kpatch.build.symbols.KernelImage;
import io.github.kpatch.build.symbols.NoSymbolsException;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What {@link BuildPatchModule} puts to work.
 *
 * @param banner the banner in the image of a kernel's release, if that can be read
 * @param differs makes the differ for one kernel
 * @param finish turns references to symbols that are not exported into those of a livepatch, in the linked module
 */
public record BuildParts(
        Function<String, Optional<String>> banner,
        SourcePatches patches,
        AffectedFinder finder,
        Function<Differing, ObjectDiffer> differs,
        Consumer<Path> finish) {

    /** What there is on a machine. */
    public static BuildParts of(Machine machine) {
        return new BuildParts(
                release -> bannerOf(machine, release),
                new UnifiedPatches(),
                new TreeObjects(machine.tools()),
                kernel -> new KernelDiffer(machine, kernel),
                BuildParts::finish);
    }

    private static Optional<String> bannerOf(Machine machine, String release) {
        return machine.roots().kernelFiles(release).stream()
                .flatMap(file -> bannerIn(file, machine).stream())
                .findFirst();
    }

    /** Nothing where it is a list of symbols, or not there: what else knows of the kernel's compiler is asked next. */
    private static Optional<String> bannerIn(Path file, Machine machine) {
        try {
            return KernelImage.read(file, machine.zstd()).banner().map(Banner::text);
        } catch (IOException | NoSymbolsException e) {
            return Optional.empty();
        }
    }

    private static void finish(Path module) {
        RelocatableObject object = KernelDiffer.object(module);
        try {
            LivepatchRelocations.convert(object);
        } catch (MalformedElfException e) {
            throw new KpatchException(Failure.FAILED, module + ": " + e.getMessage(), e);
        }
        Disk.write(module, object.toBytes());
    }

    /**
     * What a differ has to know of the kernel.
     *
     * @param symvers its Module.symvers
     */
    public record Differing(BuildRequest request, String release, Optional<String> banner, Path symvers) {}
}
