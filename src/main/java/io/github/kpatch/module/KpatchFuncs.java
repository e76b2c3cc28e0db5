// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfRelocation;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.RelocationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code .kpatch.funcs} of modules made by kpatch-build: one entry per patched function.
 *
 * <pre>{@code
 * struct kpatch_patch_func {
 *     unsigned long new_addr; //  0
 *     unsigned long new_size; //  8
 *     unsigned long old_addr; // 16
 *     unsigned long old_size; // 24
 *     unsigned long sympos;   // 32  not in the first releases
 *     char *name;             // 40
 *     char *objname;          // 48
 * };
 * }</pre>
 *
 * <p>The structure grew once and may again, so entries are not counted off by size. Each begins with its only pointer to
 * code; the first two pointers to data after that are the two names.
 */
final class KpatchFuncs {
    private static final String SECTION = ".kpatch.funcs";
    private static final int SYMPOS = 32;

    private final Pointers pointers;
    private final ElfSection section;

    private KpatchFuncs(Pointers pointers, ElfSection section) {
        this.pointers = pointers;
        this.section = section;
    }

    /** Adds the objects that have functions, with these; false if there is no such section. */
    static boolean addTo(PatchedObjects objects, Pointers pointers) throws MalformedElfException {
        Optional<ElfSection> section = pointers.elf().sectionNamed(SECTION);
        if (section.isPresent()) {
            new KpatchFuncs(pointers, section.get()).addTo(objects);
        }
        return section.isPresent();
    }

    private void addTo(PatchedObjects objects) throws MalformedElfException {
        RelocationTable table = pointers.in(section);
        int position = 0;
        while (position < table.size()) {
            ElfRelocation first = table.get(position++);
            Optional<Place> code = pointers.target(first);
            if (code.isEmpty() || !code.get().isCode()) {
                continue;
            }
            List<ElfRelocation> names = new ArrayList<>(2);
            while (position < table.size() && !leadsToCode(table.get(position))) {
                ElfRelocation next = table.get(position++);
                if (names.size() < 2 && pointers.target(next).isPresent()) {
                    names.add(next);
                }
            }
            add(objects, first.offset(), names);
        }
    }

    private boolean leadsToCode(ElfRelocation relocation) throws MalformedElfException {
        Optional<Place> target = pointers.target(relocation);
        return target.isPresent() && target.get().isCode();
    }

    private void add(PatchedObjects objects, long entry, List<ElfRelocation> names) throws MalformedElfException {
        if (names.isEmpty()) {
            throw Pointers.corrupt(new Place(section, entry), "an entry of " + SECTION + " names no function");
        }
        ElfRelocation name = names.get(0);
        long sympos = name.offset() > entry + SYMPOS ? pointers.elf().u64At(section, entry + SYMPOS) : 0;
        String object = names.size() < 2
                ? PatchedObject.KERNEL
                : pointers.objectName(pointers.target(names.get(1)).orElseThrow());
        objects.add(
                object,
                new PatchedFunction(pointers.functionName(pointers.target(name).orElseThrow()), sympos));
    }
}
