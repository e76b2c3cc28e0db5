// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import java.util.ArrayList;
import java.util.List;

/**
 * One place of a file that a patch changes.
 *
 * @param line the line of the patch at which it begins, from 1
 * @param oldStart the line at which it begins in the file to be changed; where it has no lines there, the line before
 * @param newStart the same in the changed file
 * @param edits its lines, in order, at least one of which is no context
 */
record Hunk(int line, int oldStart, int newStart, List<Edit> edits) {
    Hunk {
        edits = List.copyOf(edits);
    }

    /** What becomes of a line. */
    enum Kind {
        KEPT,
        REMOVED,
        ADDED
    }

    /**
     * One line.
     *
     * @param text its bytes, each a character, with the newline unless the file ends without one
     */
    record Edit(Kind kind, String text) {}

    /** The lines that it wants to find, context among them. */
    List<String> oldLines() {
        return edits.stream()
                .filter(edit -> edit.kind() != Kind.ADDED)
                .map(Edit::text)
                .toList();
    }

    /** How many lines of context come before its first change. */
    int contextBefore() {
        int count = 0;
        while (edits.get(count).kind() == Kind.KEPT) {
            count++;
        }
        return count;
    }

    /** How many lines of context come after its last change. */
    int contextAfter() {
        int count = 0;
        while (edits.get(edits.size() - 1 - count).kind() == Kind.KEPT) {
            count++;
        }
        return count;
    }

    /** Whether it makes a file from nothing. */
    boolean isWholeNewFile() {
        return oldStart == 0 && edits.stream().allMatch(edit -> edit.kind() == Kind.ADDED);
    }

    /** What would take it back. */
    Hunk reversed() {
        List<Edit> reversed = new ArrayList<>();
        for (Edit edit : edits) {
            Kind kind = switch (edit.kind()) {
                case KEPT -> Kind.KEPT;
                case REMOVED -> Kind.ADDED;
                case ADDED -> Kind.REMOVED;
            };
            reversed.add(new Edit(kind, edit.text()));
        }
        return new Hunk(line, newStart, oldStart, reversed);
    }
}
