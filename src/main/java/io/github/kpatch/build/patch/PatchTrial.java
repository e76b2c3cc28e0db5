// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import io.github.kpatch.build.patch.FileHunks.Applied;
import io.github.kpatch.build.patch.FileHunks.Placed;
import io.github.kpatch.build.patch.FilePatch.Change;
import io.github.kpatch.failure.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One patch, tried on files that are only thought of as changed. */
final class PatchTrial {
    private final SourceFiles tree;
    private final SourcePatch patch;
    private final int level;
    private final List<PatchNote> notes = new ArrayList<>();
    private final List<Sentence> refusals = new ArrayList<>();

    PatchTrial(SourceFiles tree, SourcePatch patch) {
        this.tree = tree;
        this.patch = patch;
        this.level = StripLevel.of(tree, patch);
    }

    /** Tries all of it and gives a sentence for each place that does not apply. */
    List<Sentence> run() {
        patch.files().forEach(this::file);
        return refusals;
    }

    List<PatchNote> notes() {
        return notes;
    }

    private void file(FilePatch file) {
        String oldName = FileNames.stripped(file.oldName(), level).orElseThrow();
        String newName = FileNames.stripped(file.newName(), level).orElseThrow();
        switch (file.change()) {
            case CREATED -> create(file, newName);
            case MODIFIED -> modify(file, tree.has(newName) ? newName : oldName);
            case DELETED -> delete(file, tree.has(oldName) ? oldName : newName);
            case RENAMED, COPIED -> move(file, oldName, newName);
        }
    }

    private void create(FilePatch file, String name) {
        Optional<SourceFile> there = tree.find(name);
        if (there.isPresent()) {
            boolean same =
                    hunks(file, SourceFile.empty()).content().equals(there.get().content());
            refuse(file, "would create " + name + ", which is there already", same);
        } else {
            put(file, name, SourceFile.empty());
        }
    }

    private void modify(FilePatch file, String name) {
        Optional<SourceFile> there = tree.find(name);
        if (there.isPresent()) {
            put(file, name, there.get());
        } else if (file.mayCreate()) {
            create(file, name);
        } else {
            refuse(file, "would change " + name + ", which is not there any more", false);
        }
    }

    private void delete(FilePatch file, String name) {
        Optional<SourceFile> there = tree.find(name);
        if (there.isEmpty()) {
            refuse(file, "would delete " + name + ", which is not there", true);
            return;
        }
        Applied applied = hunks(file, there.get());
        if (!applied.isWhole()) {
            refuse(file, name, there.get(), applied);
        } else if (!applied.content().isEmpty()) {
            refuse(file, "would delete " + name + ", which has other lines than the patch says", false);
        } else {
            tree.remove(name);
        }
    }

    private void move(FilePatch file, String oldName, String newName) {
        Optional<SourceFile> there = tree.find(oldName);
        if (there.isEmpty() || tree.has(newName)) {
            String verb = file.change() == Change.RENAMED ? "would rename " : "would copy ";
            String why = there.isEmpty() ? "which is not there" : "but the latter is there already";
            boolean applied = there.isEmpty() && tree.has(newName);
            refuse(file, verb + oldName + " to " + newName + ", " + why, applied);
        } else if (put(file, newName, there.get()) && file.change() == Change.RENAMED) {
            tree.remove(oldName);
        }
    }

    private boolean put(FilePatch file, String name, SourceFile before) {
        Applied applied = hunks(file, before);
        if (!applied.isWhole()) {
            refuse(file, name, before, applied);
            return false;
        }
        for (Placed place : applied.placed()) {
            if (place.offset() != 0 || place.fuzz() != 0) {
                notes.add(
                        new PatchNote(patch.file(), name, place.number(), place.line(), place.offset(), place.fuzz()));
            }
        }
        SourceFile after = before.with(applied.content());
        tree.put(name, file.executable().map(after::executable).orElse(after));
        return true;
    }

    private static Applied hunks(FilePatch file, SourceFile before) {
        return FileHunks.apply(file.hunks(), before.content());
    }

    private void refuse(FilePatch file, String why, boolean applied) {
        refuse(file.line(), why, applied);
    }

    private void refuse(int line, String why, boolean applied) {
        String message = patch.file() + ", line " + line + ": " + why;
        refusals.add(
                applied ? Sentence.of(message, "it seems to be applied already: leave it out") : Sentence.of(message));
    }

    private void refuse(FilePatch file, String name, SourceFile before, Applied applied) {
        List<Hunk> reversed = file.hunks().stream().map(Hunk::reversed).toList();
        boolean there = FileHunks.apply(reversed, before.content()).isWhole();
        for (Hunk hunk : applied.failed()) {
            refuse(
                    hunk.line(),
                    "hunk " + (file.hunks().indexOf(hunk) + 1) + " does not apply to " + name + ", neither at line "
                            + hunk.oldStart() + " nor elsewhere",
                    there);
        }
    }
}
