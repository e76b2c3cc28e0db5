// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.AffectedFinder.Affected;
import io.github.kpatch.build.kbuild.KbuildSettings;
import io.github.kpatch.build.kbuild.Make;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What is to be patched, ready for its objects to be compiled and compared.
 *
 * @param place the directory of ours for it
 * @param settings how kbuild is called for its kernel
 * @param kernel make in the kernel's own tree or headers, which modules are linked by
 * @param objects make on the sources that the patches are for
 * @param treeName what these sources are to the user
 * @param finder finds the objects that files affect
 */
record Ready(
        Path place,
        KbuildSettings settings,
        Make kernel,
        Make objects,
        String treeName,
        Function<List<String>, Affected> finder,
        ObjectDiffer differ) {

    Path tree() {
        return objects.tree();
    }

    /** What saves the originals of files that are patched. */
    Path restore() {
        return place.resolve("restore");
    }
}
