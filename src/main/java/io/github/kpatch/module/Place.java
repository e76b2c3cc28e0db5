// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfSection;

/**
 * Where a pointer leads.
 *
 * @param offset from the start of the section, not negative and not beyond its end
 */
record Place(ElfSection section, long offset) {
    boolean isCode() {
        return section.isAllocated() && section.isExecutable();
    }

    boolean isData() {
        return section.isAllocated() && !section.isExecutable();
    }

    boolean isVariable() {
        return isData() && section.isWritable();
    }
}
