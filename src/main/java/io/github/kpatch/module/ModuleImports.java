// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a module needs from the kernel that is to load it.
 *
 * @param exported symbols that the kernel, or a module in it, has to export
 * @param looked symbols that livepatch looks up for the module, exported or not
 */
public record ModuleImports(List<Exported> exported, List<LookedUp> looked) {
    public ModuleImports {
        exported = List.copyOf(exported);
        looked = List.copyOf(looked);
    }

    /**
     * A symbol that has to be exported.
     *
     * @param name printable ASCII
     * @param weak whether the module goes without it if need be
     * @param crc what the module was built against, as a checksum of the symbol's types; empty where it does not say
     */
    public record Exported(String name, boolean weak, OptionalLong crc) {}

    /**
     * A symbol that livepatch looks up ({@code .klp.sym.OBJECT.NAME,SYMPOS}, Documentation/livepatch/module-elf-format.rst).
     *
     * @param object the object that it is looked up in, {@code vmlinux} or a module
     * @param symbol its name, and its position among those of that name
     */
    public record LookedUp(String object, PatchedFunction symbol) {}
}
