// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.ModuleName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One of the sysfs layouts by which a kernel shows its patch modules and lets them be switched. */
public interface PatchInterface {

    /** The names of all patch modules that the kernel knows, in no order. */
    List<ModuleName> names();

    /** All patch modules that the kernel knows, in no order; one that goes away meanwhile is left out. */
    default List<LoadedPatch> patches() {
        List<LoadedPatch> patches = new ArrayList<>();
        for (ModuleName name : names()) {
            patch(name).ifPresent(patches::add);
        }
        return patches;
    }

    Optional<LoadedPatch> patch(ModuleName name);

    /** The patch module in transition: the kernel has one at a time. */
    default Optional<LoadedPatch> inTransition() {
        for (LoadedPatch patch : patches()) {
            if (patch.state().inTransition()) {
                return Optional.of(patch);
            }
        }
        return Optional.empty();
    }

    /** A patch module's place in the stack, from 1 at its bottom; empty where the layout does not show it. */
    OptionalInt stackOrder(ModuleName name);

    /** What a loaded patch module patches. */
    List<LoadedObject> objects(ModuleName name);

    /** The checksum that a loaded patch module was built with, where the layout shows it. */
    Optional<String> checksum(ModuleName name);

    /** Whether a loaded patch module replaced all those before it; empty where the layout does not show it. */
    Optional<Boolean> replaces(ModuleName name);

    /** Switches a patch module on or off; with a transition under way for it, reverses that. */
    void setEnabled(ModuleName name, boolean enabled) throws SystemCallException;

    /**
     * Ends the transition of this patch module by force. A module that is disabled or replaced so keeps a reference
     * until the next boot; before 5.19 so does one that is enabled (Documentation/livepatch/livepatch.rst).
     */
    void force(ModuleName name) throws SystemCallException;

    /** Signals the tasks that stall this transition; false where the kernel does so by itself. */
    boolean signal(ModuleName name) throws SystemCallException;

    /** Whether a disabled patch module gives up all its references, so that it is worth waiting for that. */
    boolean releasesReferences();

    /** Whether modules for the older kpatch core module belong here, and not modules for upstream livepatch. */
    boolean isCore();
}
