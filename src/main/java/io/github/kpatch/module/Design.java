// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

/** How a patch module gets its functions into the kernel. */
public enum Design {
    /** Through the kernel's own livepatch, since 3.19; {@code .modinfo} has {@code livepatch=Y}. */
    LIVEPATCH,
    /** Through the older core module {@code kpatch}, whose {@code kpatch_register} it calls. */
    CORE
}
