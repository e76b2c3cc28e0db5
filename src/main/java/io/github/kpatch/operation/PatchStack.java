// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.KernelModule;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.module.ModuleName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The order in which patch modules lie upon each other: of two that patch one function, the upper one is in effect. */
final class PatchStack {
    private PatchStack() {}

    /**
     * The patch modules from the top of the stack down: by {@code stack_order} where the kernel tells (since 6.14), else
     * by /proc/modules, which has the one loaded last first.
     */
    static List<LoadedPatch> topDown(PatchInterface patches, List<KernelModule> modules) {
        List<LoadedPatch> sorted = new ArrayList<>(patches.patches());
        Map<ModuleName, Integer> places = new HashMap<>();
        for (LoadedPatch patch : sorted) {
            OptionalInt order = patches.stackOrder(patch.name());
            if (order.isEmpty()) {
                places = byLoading(modules);
                break;
            }
            places.put(patch.name(), -order.getAsInt());
        }
        Map<ModuleName, Integer> known = places;
        sorted.sort(Comparator.comparingInt(patch -> known.getOrDefault(patch.name(), Integer.MAX_VALUE)));
        return sorted;
    }

    private static Map<ModuleName, Integer> byLoading(List<KernelModule> modules) {
        Map<ModuleName, Integer> places = new HashMap<>();
        for (KernelModule module : modules) {
            places.put(module.name(), places.size());
        }
        return places;
    }
}
