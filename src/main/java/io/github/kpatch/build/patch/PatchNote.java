// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

/**
 * A hunk that applies, but not exactly where and as it says.
 *
 * @param patch the patch's file
 * @param file the changed one, below the source tree
 * @param hunk its number among those of that file, from 1
 * @param line of the file at which it was found, from 1
 * @param offset by how many lines it was moved
 * @param fuzz how many lines of its context were left out
 */
public record PatchNote(String patch, String file, int hunk, int line, int offset, int fuzz) {
    @Override
    public String toString() {
        String moved = offset == 0 ? "" : " (moved by " + offset + (Math.abs(offset) == 1 ? " line)" : " lines)");
        String without = fuzz == 0 ? "" : ", with fuzz " + fuzz;
        return patch + ": hunk " + hunk + " applies to " + file + " at line " + line + moved + without;
    }
}
