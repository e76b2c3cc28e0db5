// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.kbuild.KbuildSettings;
import io.github.kpatch.build.kbuild.Make;
import java.nio.file.Path;

/**
 * What is to be patched, ready for its objects to be compiled and compared.
 *
 * @param place the directory of ours for it
 * @param settings how kbuild is called for its kernel
 * @param kernel make in the kernel's own tree or headers, which modules are linked by
 * @param sources what the patches are for
 * @param versions compiles what the patches affect
 */
record Ready(
        Path place, KbuildSettings settings, Make kernel, Sources sources, Versions versions, ObjectDiffer differ) {

    /**
     * A tree of source files.
     *
     * @param name what it is to the user
     */
    record Sources(Path tree, String name) {}

    /** What saves the originals of files that are patched. */
    Path restore() {
        return place.resolve("restore");
    }
}
