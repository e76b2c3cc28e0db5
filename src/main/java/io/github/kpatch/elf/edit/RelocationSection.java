// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import java.util.List;

/**
 * Relocations of a section beside its ordinary ones: the business of one operating system, which its flags say.
 *
 * @param flags added to those that every section of relocations has
 */
public record RelocationSection(String name, long flags, Section target, List<Relocation> relocations) {
    public RelocationSection {
        relocations = List.copyOf(relocations);
    }
}
