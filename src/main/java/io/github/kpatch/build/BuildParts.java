// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import java.nio.file.Path;
import java.util.Optional;
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
        java.util.function.Consumer<Path> finish) {

    /**
     * What a differ has to know of the kernel.
     *
     * @param symvers its Module.symvers
     */
    public record Differing(BuildRequest.Kernel kernel, String release, Optional<String> banner, Path symvers) {}
}
