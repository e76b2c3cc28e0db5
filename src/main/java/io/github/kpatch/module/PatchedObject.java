// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.util.List;

/**
 * A part of the kernel that a module patches.
 *
 * @param name {@value #KERNEL} or the name of a module, printable ASCII
 * @param functions none, if the patch has only callbacks for this object
 */
public record PatchedObject(String name, List<PatchedFunction> functions) {
    public static final String KERNEL = "vmlinux";

    public PatchedObject {
        functions = List.copyOf(functions);
    }

    /** Whether it's the kernel proper and not a module, which may be loaded or not. */
    public boolean isKernel() {
        return name.equals(KERNEL);
    }
}
