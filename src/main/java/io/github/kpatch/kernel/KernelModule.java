// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.ModuleName;

/**
 * A module in the kernel's memory, as a line of /proc/modules shows it.
 *
 * @param name its name
 * @param references how many users it has; an enabled patch module counts itself
 * @param state where it is in its life
 * @param livepatch whether it carries taint K: it has registered a live patch at some time
 */
public record KernelModule(ModuleName name, long references, State state, boolean livepatch) {

    /** A module's life (kernel/module/procfs.c shows these three words). */
    public enum State {
        LOADING,
        LIVE,
        UNLOADING
    }
}
