// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.KernelModule;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.module.ModuleName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order in which patch modules lie upon each other: of two that patch one function, the upper one is in effect. */
final class PatchStack {
    private PatchStack() {}

    /**
     * Patch modules from the top of the stack down: by {@code stack_order} where the kernel tells (since 6.14), else by
     * /proc/modules, which has the one loaded last first.
     */
    static List<LoadedPatch> topDown(List<LoadedPatch> patches, List<KernelModule> modules) {
        Map<ModuleName, Integer> places = new HashMap<>();
        for (KernelModule module : modules) {
            places.put(module.name(), places.size());
        }
        boolean kernelTells = true;
        for (LoadedPatch patch : patches) {
            kernelTells &= patch.stackOrder().isPresent();
        }
        boolean byStackOrder = kernelTells;
        List<LoadedPatch> sorted = new ArrayList<>(patches);
        sorted.sort(Comparator.comparingInt(patch -> byStackOrder
                ? -patch.stackOrder().orElseThrow()
                : places.getOrDefault(patch.name(), Integer.MAX_VALUE)));
        return sorted;
    }
}
