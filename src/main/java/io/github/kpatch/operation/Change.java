// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that is done to the running kernel or to the install DB.
 *
 * @param module the name of the patch module
 * @param kernelVersion the kernel that it is for
 * @param file where it comes from, where there is a file
 * @param detail more to say of it, as in {@code which was replaced by kpt_b}
 */
record Change(Action action, String module, String kernelVersion, Optional<ModuleFile> file, Optional<String> detail) {

    /** What is done. */
    enum Action {
        LOAD("loaded patch module "),
        ENABLE("enabled patch module "),
        DISABLE("disabled patch module "),
        UNLOAD("unloaded patch module "),
        FORCE("forced the transition of patch module "),
        INSTALL("installed patch module "),
        UNINSTALL("uninstalled patch module "),
        HOLD("put on hold patch module "),
        UNHOLD("took off hold patch module ");

        private final String done;

        Action(String done) {
            this.done = done;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is done to the install DB, where each kernel has modules of its own. */
        boolean isInDb() {
            return this == INSTALL || this == UNINSTALL || this == HOLD || this == UNHOLD;
        }
    }

    /** A change of the running kernel. */
    static Change of(Action action, ModuleName module, Host host) {
        return new Change(action, module.toString(), host.kernel().version(), Optional.empty(), Optional.empty());
    }

    /** A change that brings a file in. */
    static Change of(Action action, ModuleFile file, String kernelVersion) {
        return new Change(action, file.module().name().toString(), kernelVersion, Optional.of(file), Optional.empty());
    }

    /** A change of the install DB. */
    static Change of(Action action, String module, String kernelVersion) {
        return new Change(action, module, kernelVersion, Optional.empty(), Optional.empty());
    }

    Change with(String more) {
        return new Change(action, module, kernelVersion, file, Optional.of(more));
    }

    /** What was done, in words. */
    String sentence() {
        return action.done
                + module
                + (action.isInDb() ? " for kernel " + kernelVersion : "")
                + detail.map(more -> ", " + more).orElse("");
    }
}
