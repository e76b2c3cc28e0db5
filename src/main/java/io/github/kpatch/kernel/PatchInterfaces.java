// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.util.Optional;
import java.util.function.Supplier;

/** Finds the sysfs layout that the running kernel has. */
public final class PatchInterfaces {
    private PatchInterfaces() {}

    /** Upstream livepatch where it is there, else the core module's, else empty. */
    public static Optional<PatchInterface> find(Roots roots, Supplier<SystemCalls> systemCalls) {
        if (KernelFiles.isDirectory(roots.livepatch())) {
            return Optional.of(new LivepatchInterface(roots.livepatch(), systemCalls));
        }
        if (KernelFiles.isDirectory(roots.kpatchCore())) {
            return Optional.of(CoreInterface.at(roots.kpatchCore(), systemCalls));
        }
        return Optional.empty();
    }
}
