// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfRelocation;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.RelocationTable;
import java.util.List;
import java.util.Optional;

/**
 * The variable from which a module written by hand has itself patched in.
 *
 * <pre>{@code
 * struct klp_patch {
 *     struct module *mod;       //  0  always the module itself
 *     struct klp_object *objs;  //  8
 *     struct klp_state *states; // 16  since 5.5
 *     bool replace;             // 24; 16 in 5.1 to 5.4; in no kernel before
 *     ...
 * };
 * }</pre>
 *
 * @param replace what the file says of atomic replace
 */
record KlpPatch(List<PatchedObject> objects, boolean replace) {
    private static final String THIS_MODULE = ".gnu.linkonce.this_module";
    private static final int OBJS = 8;
    private static final int STATES = 16;
    private static final int REPLACE = 24;

    /**
     * Looks through variables for a pointer to the module itself with one to an array of objects behind it. An array
     * whose first object has functions is taken before one that merely has the right shape.
     */
    static Optional<KlpPatch> find(Pointers pointers) throws MalformedElfException {
        Optional<ElfSection> module = pointers.elf().sectionNamed(THIS_MODULE);
        if (module.isEmpty()) {
            return Optional.empty();
        }
        KlpArrays arrays = new KlpArrays(pointers);
        Optional<Place> secondBest = Optional.empty();
        for (int i = 1; i < pointers.elf().sectionCount(); i++) {
            ElfSection section = pointers.elf().section(i);
            if (section.type() != ElfSection.SHT_PROGBITS || !new Place(section, 0).isVariable()) {
                continue;
            }
            RelocationTable table = pointers.in(section);
            for (int j = 0; j < table.size(); j++) {
                Optional<Place> objs =
                        objsOf(pointers, section, table.get(j), module.get().index());
                if (objs.isEmpty() || !arrays.mayBeginWithObject(objs.get())) {
                    continue;
                }
                Place patch = new Place(section, table.get(j).offset());
                if (arrays.beginsWithPatchedObject(objs.get())) {
                    return Optional.of(read(pointers, arrays, patch));
                }
                secondBest = secondBest.isEmpty() ? Optional.of(patch) : secondBest;
            }
        }
        return secondBest.isEmpty() ? Optional.empty() : Optional.of(read(pointers, arrays, secondBest.get()));
    }

    /** The array of objects that belongs to a pointer to the module itself, where there is one. */
    private static Optional<Place> objsOf(Pointers pointers, ElfSection section, ElfRelocation mod, int module)
            throws MalformedElfException {
        Optional<Place> owner = pointers.target(mod);
        if (owner.isEmpty()
                || owner.get().section().index() != module
                || owner.get().offset() != 0
                || mod.offset() + REPLACE >= section.size()) {
            return Optional.empty();
        }
        Optional<Place> objs = pointers.at(section, mod.offset() + OBJS);
        return objs.isPresent()
                        && objs.get().isVariable()
                        && objs.get().section().hasContent()
                ? objs
                : Optional.empty();
    }

    private static KlpPatch read(Pointers pointers, KlpArrays arrays, Place patch) throws MalformedElfException {
        ElfSection section = patch.section();
        Place objs = pointers.at(section, patch.offset() + OBJS).orElseThrow();
        boolean statesSet = pointers.at(section, patch.offset() + STATES).isPresent();
        boolean replace = pointers.elf().u8At(section, patch.offset() + REPLACE) != 0
                || (!statesSet && pointers.elf().u8At(section, patch.offset() + STATES) != 0);
        return new KlpPatch(arrays.objects(objs.section(), objs.offset(), arrays.endOfVariable(objs)), replace);
    }
}
