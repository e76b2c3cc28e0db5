// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The names of loaded patch modules, as sysfs has them. */
final class SysfsName {
    private SysfsName() {}

    /** The names of the directories below that of an interface. */
    static List<ModuleName> allIn(Path directory) {
        List<ModuleName> names = new ArrayList<>();
        for (String name : KernelFiles.directories(directory)) {
            names.add(ModuleName.parse(name)
                    .orElseThrow(() -> new KpatchException(
                            Failure.FAILED, directory + ": has a patch module with an impossible name: " + name)));
        }
        return names;
    }
}
