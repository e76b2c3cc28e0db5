// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What patches, one after the other, would make of a source tree. Nothing is written by it. */
public final class PatchPlan {
    private final SourceFiles files;
    private final Map<String, Optional<SourceFile>> changed;
    private final List<PatchNote> notes;

    private PatchPlan(SourceFiles files, Map<String, Optional<SourceFile>> changed, List<PatchNote> notes) {
        this.files = files;
        this.changed = changed;
        this.notes = notes;
    }

    /**
     * Tries patches on a tree.
     *
     * @throws KpatchException if one of them does not apply to what those before it would leave; it names the first place
     *     and gives all places of that patch as evidence
     */
    public static PatchPlan of(Path tree, List<SourcePatch> patches) {
        return of(tree, tree.toString(), patches);
    }

    /**
     * The same.
     *
     * @param treeName what the tree is to the user
     */
    public static PatchPlan of(Path tree, String treeName, List<SourcePatch> patches) {
        SourceFiles files = new SourceFiles(tree, treeName);
        List<PatchNote> notes = new ArrayList<>();
        for (SourcePatch patch : patches) {
            PatchTrial trial = new PatchTrial(files, patch);
            List<Sentence> refusals = trial.run();
            if (!refusals.isEmpty()) {
                throw new KpatchException(
                        Failure.REFUSED,
                        refusals.get(0),
                        refusals.stream().skip(1).map(Sentence::text).toList());
            }
            notes.addAll(trial.notes());
        }
        return new PatchPlan(files, files.changed(), List.copyOf(notes));
    }

    /** The same for a compiler that is to number lines as if nothing had moved them. */
    public PatchPlan keepingLines() {
        Map<String, Optional<SourceFile>> numbered = new TreeMap<>(changed);
        numbered.replaceAll((name, after) -> isSource(name) ? after.map(file -> keepingLines(name, file)) : after);
        return new PatchPlan(files, numbered, notes);
    }

    private SourceFile keepingLines(String name, SourceFile after) {
        return files.original(name)
                .map(before -> after.with(LineNumbers.keep(before.content(), after.content())))
                .orElse(after);
    }

    private static boolean isSource(String name) {
        return name.endsWith(".c") || name.endsWith(".h");
    }

    /** The files that would change, come or go, by their paths below the tree, in order. */
    public List<String> files() {
        return List.copyOf(new TreeSet<>(changed.keySet()));
    }

    /** The hunks that do not apply exactly where and as they say. */
    public List<PatchNote> notes() {
        return notes;
    }

    Map<String, Optional<SourceFile>> changed() {
        return changed;
    }
}
