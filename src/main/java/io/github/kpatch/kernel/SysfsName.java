// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import java.nio.file.Path;

/** The name of a loaded patch module, as sysfs has it. */
final class SysfsName {
    private SysfsName() {}

    static ModuleName parse(Path directory, String name) {
        return ModuleName.parse(name)
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED, directory + ": has a patch module with an impossible name: " + name));
    }
}
