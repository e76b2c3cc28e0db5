// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import java.util.List;
import java.util.Optional;

/**
 * What a patch says of one file.
 *
 * @param line the line of the patch at which it begins, from 1
 * @param oldName the file's name before, with whatever directories the patch puts before it
 * @param newName its name afterwards, likewise; the same as before where the patch has only one of them
 * @param change what becomes of the file as a whole
 * @param executable whether the file is a program afterwards, if the patch says so
 * @param git whether the section is one of git's, whose names are all below a/ and b/ or none
 */
record FilePatch(
        int line,
        String oldName,
        String newName,
        Change change,
        Optional<Boolean> executable,
        boolean git,
        List<Hunk> hunks) {
    FilePatch {
        hunks = List.copyOf(hunks);
    }

    /** What becomes of a file as a whole. */
    enum Change {
        MODIFIED,
        CREATED,
        DELETED,
        RENAMED,
        COPIED
    }

    /** Whether it changes a file that must be there. */
    boolean needsFile() {
        return change != Change.CREATED && !mayCreate();
    }

    /** Whether it makes the file if that is not there: what some programs write of new files looks no different. */
    boolean mayCreate() {
        return change == Change.MODIFIED && hunks.size() == 1 && hunks.get(0).isWholeNewFile();
    }
}
