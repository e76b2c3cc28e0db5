// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How many directories a patch puts before its names, the {@code -p} of patch(1): one as a rule ({@code a/} and
 * {@code b/}); else none; else as many as it takes for all its files to be in the tree.
 */
final class StripLevel {
    private static final int MOST = 8;

    private final SourceFiles tree;
    private final SourcePatch patch;

    private StripLevel(SourceFiles tree, SourcePatch patch) {
        this.tree = tree;
        this.patch = patch;
    }

    static int of(SourceFiles tree, SourcePatch patch) {
        StripLevel guess = new StripLevel(tree, patch);
        List<Integer> levels = guess.levels();
        return guess.first(levels, true)
                .or(() -> guess.first(levels, false))
                .orElseThrow(() -> guess.refused(levels.get(0)));
    }

    private List<Integer> levels() {
        FilePatch file = patch.files().get(0);
        boolean bare = file.git()
                && file.oldName().equals(file.newName())
                && !file.oldName().startsWith("a/");
        List<Integer> levels = new ArrayList<>(bare ? List.of(0, 1) : List.of(1, 0));
        for (int level = 2; level <= MOST; level++) {
            levels.add(level);
        }
        return levels;
    }

    private Optional<Integer> first(List<Integer> levels, boolean withDirectories) {
        return levels.stream()
                .filter(level -> missing(level, withDirectories).isEmpty())
                .findFirst();
    }

    /** The first file that is not in the tree at that level, and that no part of the patch before it has made. */
    private Optional<FilePatch> missing(int level, boolean withDirectories) {
        Set<String> made = new HashSet<>();
        for (FilePatch file : patch.files()) {
            Optional<String> old = FileNames.stripped(file.oldName(), level);
            Optional<String> changed = FileNames.stripped(file.newName(), level);
            boolean named = old.isPresent() && changed.isPresent();
            if (!named || !fits(file, old.get(), changed.get(), made, withDirectories)) {
                return Optional.of(file);
            }
            made.add(changed.get());
        }
        return Optional.empty();
    }

    private boolean fits(FilePatch file, String old, String changed, Set<String> made, boolean withDirectories) {
        if (tree.has(old) || tree.has(changed) || made.contains(old) || made.contains(changed)) {
            return true;
        }
        int slash = changed.lastIndexOf('/');
        return !file.needsFile() && (!withDirectories || (slash > 0 && tree.hasDirectory(changed.substring(0, slash))));
    }

    private KpatchException refused(int level) {
        FilePatch file = missing(level, false).orElse(patch.files().get(0));
        String name = FileNames.stripped(file.oldName(), level).orElse(file.oldName());
        return new KpatchException(
                Failure.REFUSED,
                patch.file() + ", line " + file.line() + ": is about " + name + ", which is not in " + tree.treeName(),
                "is it a patch for these sources?");
    }
}
