// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.module.PatchModule;
import java.util.List;
import java.util.Optional;

/** Which installed modules have had their day: a newer one is loaded that takes their place. */
final class Superseded {
    private Superseded() {}

    /**
     * The loaded module over which the first of these must not be put: when all are loaded a second time, an older one
     * that a newer has replaced would come back on top of it.
     *
     * @param fromHere a module and those after it in version order; empty for one that cannot be read
     */
    static Optional<ModuleName> by(Optional<PatchInterface> patches, List<Optional<PatchModule>> fromHere) {
        Optional<PatchModule> older = fromHere.get(0);
        if (older.isEmpty() || patches.flatMap(p -> p.patch(older.get().name())).isPresent()) {
            return Optional.empty();
        }
        for (Optional<PatchModule> newer : fromHere.subList(1, fromHere.size())) {
            if (newer.isPresent() && patches.isPresent() && takesThePlace(newer.get(), older.get(), patches.get())) {
                return newer.map(PatchModule::name);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a module is in effect and replaces what was before it, as the kernel or itself says, or, where neither
     * does, patches all that the older one does: loaded in their order, nothing of the older one would be in effect.
     */
    private static boolean takesThePlace(PatchModule newer, PatchModule older, PatchInterface patches) {
        boolean isEnabled = patches.patch(newer.name())
                .filter(p -> p.state() == PatchState.ENABLED || p.state() == PatchState.ENABLING)
                .isPresent();
        return isEnabled
                && patches.replaces(newer.name()).or(newer::replace).orElseGet(() -> newer.patchesAllOf(older));
    }
}
