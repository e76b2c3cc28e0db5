// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.AffectedFinder.Affected;
import io.github.kpatch.build.kbuild.ModuleObjects;
import io.github.kpatch.build.kbuild.ModuleObjects.ModuleObject;
import io.github.kpatch.build.source.Makefiles;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the objects of a module from outside of the kernel's tree.
 *
 * @param module by its name in the kernel
 */
record OutOfTreeObjects(String module, ModuleObjects modules) {

    Affected affectedBy(List<String> files) {
        List<String> targets = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        List<String> ignored = new ArrayList<>(files);
        for (ModuleObject object : modules.build()) {
            ignored.removeAll(object.files());
            if (isOfAnother(object) && files.contains(object.files().get(0))) {
                refusals.add(object.files().get(0) + ": is a source of module " + object.module()
                        + ", and --oot-module names " + module + "; take a patch for each");
            } else if (object.files().stream().anyMatch(files::contains)) {
                targets.add(object.path());
            }
        }
        ignored.replaceAll(file -> file
                + (Makefiles.isOne(file)
                        ? ": tells how the module is built, and that is not followed"
                        : ": no module is made from it"));
        return new Affected(targets, refusals, ignored, List.of());
    }

    /** What is linked into several is refused where it is compared. */
    private boolean isOfAnother(ModuleObject object) {
        return !object.files().isEmpty()
                && !List.of(object.module().split(KernelDiffer.SEVERAL)).contains(module);
    }
}
