// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.module.PatchModule;
import java.util.Optional;

/** A module in the fake kernel's memory, and the patch that it has registered, if it is a patch module. */
final class FakeModule {
    final String name;
    final Optional<PatchModule> patch;

    /** References to it; an enabled patch module has one to itself. */
    int references;

    /** Whether the patch has its directory in sysfs. */
    boolean registered;

    boolean enabled;

    /** Its place in the stack, from 1. */
    int stackOrder;

    FakeModule(String name, Optional<PatchModule> patch) {
        this.name = name;
        this.patch = patch;
    }

    boolean replaces() {
        return patch.flatMap(PatchModule::replace).orElse(false);
    }

    Optional<String> field(String key) {
        return patch.flatMap(module -> module.field(key));
    }
}
