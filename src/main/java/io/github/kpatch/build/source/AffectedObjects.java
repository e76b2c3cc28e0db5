// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.util.List;

/**
 * What changed files mean for a kernel.
 *
 * @param objects that have to be compiled and compared
 * @param unpatchable those that cannot be patched if they are not the same afterwards
 * @param notBuilt changed C and assembler files and headers that nothing in this configuration is made from
 * @param makefiles changed files that tell how the kernel is built, Kconfig among them
 * @param others changed files of other kinds, such as documents
 */
public record AffectedObjects(
        List<KernelObject> objects,
        List<Unpatchable> unpatchable,
        List<String> notBuilt,
        List<String> makefiles,
        List<String> others) {
    public AffectedObjects {
        objects = List.copyOf(objects);
        unpatchable = List.copyOf(unpatchable);
        notBuilt = List.copyOf(notBuilt);
        makefiles = List.copyOf(makefiles);
        others = List.copyOf(others);
    }

    /**
     * An object that cannot be patched.
     *
     * @param why the end of a sentence that begins with the object's path
     * @param itself whether its own source was changed; else a file that it includes, and it may be the same for all that
     */
    public record Unpatchable(KernelObject object, String why, boolean itself) {}
}
