// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * In what two objects differ.
 *
 * @param changed functions that are replaced
 * @param added functions that are new
 * @param removed functions that are not there any more
 * @param refusals what cannot be patched, each as "FUNCTION OR SECTION: REASON"
 * @param output the object with what is changed and new; none where nothing is, or something is refused
 */
public record Difference(
        List<String> changed,
        List<String> added,
        List<String> removed,
        List<String> refusals,
        Optional<Output> output) {

    /**
     * The object to link.
     *
     * @param object its file
     * @param functions how many entries are at {@code kpatch_funcs_N}
     * @param callbacks how many entries are at {@code kpatch_callbacks_N}
     */
    public record Output(Path object, int functions, int callbacks) {}

    /** Whether the objects are the same in all that counts. */
    public boolean isNothing() {
        return changed.isEmpty() && added.isEmpty() && refusals.isEmpty() && output.isEmpty();
    }
}
