// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.patch.Journal;
import io.github.kpatch.build.patch.PatchNote;
import io.github.kpatch.build.patch.PatchPlan;
import io.github.kpatch.build.patch.SourcePatch;
import java.nio.file.Path;
import java.util.List;

/** Source patches as diff(1) and git make them. */
final class UnifiedPatches implements SourcePatches {
    @Override
    public Plan plan(Path tree, String treeName, List<Path> patches) {
        return new Planned(
                tree,
                PatchPlan.of(
                        tree, treeName, patches.stream().map(SourcePatch::read).toList()));
    }

    @Override
    public boolean takeBack(Path tree, Path restore) {
        return new Journal(tree, restore).takeBack();
    }

    private record Planned(Path tree, PatchPlan plan) implements Plan {
        @Override
        public List<String> files() {
            return plan.files();
        }

        @Override
        public List<String> notes() {
            return plan.notes().stream().map(PatchNote::toString).toList();
        }

        @Override
        public void apply(Path restore) {
            new Journal(tree, restore).apply(plan.keepingLines());
        }
    }
}
