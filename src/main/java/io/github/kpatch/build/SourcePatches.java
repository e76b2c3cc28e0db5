// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import java.nio.file.Path;
import java.util.List;

/** Puts source patches onto a tree, and takes them back from it, also after a process that was killed. */
public interface SourcePatches {

    /**
     * Finds out where patches apply.
     *
     * @param treeName what the tree is to the user
     * @throws io.github.kpatch.failure.KpatchException if one does not
     */
    Plan plan(Path tree, String treeName, List<Path> patches);

    /**
     * Gives the tree back what it was before {@link Plan#apply}.
     *
     * @param restore the directory that has what it was
     * @return whether it was patched
     */
    boolean takeBack(Path tree, Path restore);

    /** Patches that apply. */
    interface Plan {

        /** The files that they change, below the tree. */
        List<String> files();

        /** What is good to know of how they apply: with fuzz, at other lines. */
        List<String> notes();

        /** Changes the tree, having put the originals into a directory. */
        void apply(Path restore);
    }
}
