// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.kbuild.KbuildSettings;
import io.github.kpatch.build.kbuild.Make;
import java.nio.file.Path;

/**
 * A kernel whose objects can be compiled and compared.
 *
 * @param place the directory of ours for this kernel
 * @param make in its prepared source tree
 */
record Ready(String release, Path place, KbuildSettings settings, Make make, ObjectDiffer differ) {

    Path tree() {
        return make.tree();
    }

    /** What saves the originals of files that are patched. */
    Path restore() {
        return place.resolve("restore");
    }
}
