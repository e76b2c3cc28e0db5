// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Symbol;
import java.util.List;
import java.util.Optional;

/**
 * What became of an object.
 *
 * @param changed functions that are replaced
 * @param added functions that the kernel does not have yet
 * @param removed functions that nothing calls any more
 * @param refusals why the change cannot be patched, one reason each; there is no output then
 * @param notes what has no effect although it changed
 * @param output the object with all that is included; nothing where no function changed
 */
public record Difference(
        List<String> changed,
        List<String> added,
        List<String> removed,
        List<String> refusals,
        List<String> notes,
        Optional<Output> output) {
    public Difference {
        changed = List.copyOf(changed);
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
    }

    /** Whether there is anything to patch, or to refuse. */
    public boolean isEmpty() {
        return output.isEmpty() && refusals.isEmpty();
    }

    /**
     * The object, and how many entries there are for the glue in it.
     *
     * @param functions in {@code .kpatch.funcs}
     * @param callbacks what the entries in {@code .kpatch.callbacks} are called at, such as {@code pre_patch}
     */
    public record Output(RelocatableObject object, int functions, List<String> callbacks) {
        /** Gives the tables names by which the glue, which is linked with many such objects, can tell them apart. */
        public void nameTables(int number) {
            name(KpatchSections.FUNCTIONS, "kpatch_funcs_" + number);
            name(KpatchSections.CALLBACKS, "kpatch_callbacks_" + number);
        }

        private void name(String section, String symbol) {
            object.section(section)
                    .ifPresent(table -> object.symbols().add(Symbol.object(symbol, table, 0, table.size())));
        }
    }
}
