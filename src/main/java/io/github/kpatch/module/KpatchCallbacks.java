// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.RelocationTable;
import java.util.List;
import java.util.Optional;

/**
 * The callbacks of modules made by kpatch-build, in one section or in one for each kind: an entry has a pointer to code,
 * and behind it one to the name of the object that it belongs to.
 */
final class KpatchCallbacks {
    private static final List<String> SECTIONS = List.of(
            ".kpatch.callbacks",
            ".kpatch.callbacks.pre_patch",
            ".kpatch.callbacks.post_patch",
            ".kpatch.callbacks.pre_unpatch",
            ".kpatch.callbacks.post_unpatch");

    private KpatchCallbacks() {}

    /** Adds the objects that have callbacks; false if there is no such section. */
    static boolean addTo(PatchedObjects objects, Pointers pointers) throws MalformedElfException {
        boolean any = false;
        for (String name : SECTIONS) {
            Optional<ElfSection> section = pointers.elf().sectionNamed(name);
            if (section.isPresent()) {
                any = true;
                add(objects, pointers, pointers.in(section.get()));
            }
        }
        return any;
    }

    private static void add(PatchedObjects objects, Pointers pointers, RelocationTable table)
            throws MalformedElfException {
        for (int i = 0; i < table.size(); i++) {
            Optional<Place> code = pointers.target(table.get(i));
            if (code.isPresent() && code.get().isCode()) {
                Optional<Place> name = i + 1 < table.size() ? pointers.target(table.get(i + 1)) : Optional.empty();
                objects.add(
                        name.isPresent() && name.get().isData()
                                ? pointers.objectName(name.get())
                                : PatchedObject.KERNEL);
            }
        }
    }
}
