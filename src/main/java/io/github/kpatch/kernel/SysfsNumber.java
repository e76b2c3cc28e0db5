// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.nio.file.Path;

/** A small number in a sysfs attribute. */
final class SysfsNumber {
    private SysfsNumber() {}

    static int parse(Path attribute, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new KpatchException(
                    Failure.FAILED, attribute + ": a number was expected, and the kernel says: " + text, e);
        }
    }
}
