// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import java.nio.file.Path;
import java.util.List;

/** Finds the objects of a tree that changed files affect. */
@FunctionalInterface
public interface AffectedFinder {

    Affected of(Path tree, List<String> files);

    /**
     * Objects to compile.
     *
     * @param targets as make has to be asked for them
     * @param refusals why what else is affected cannot be patched, a sentence each
     * @param ignored why what else was changed has no effect, a sentence each
     * @param notes what is good to know
     */
    record Affected(List<String> targets, List<String> refusals, List<String> ignored, List<String> notes) {

        /** Why a changed file that tells how things are built has no effect. */
        static String makefile(String file) {
            return file + ": tells how the kernel or a module is built, and that is not followed";
        }
    }
}
