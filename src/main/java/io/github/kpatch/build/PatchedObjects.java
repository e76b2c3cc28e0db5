// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.kbuild.ObjectCompiler;
import io.github.kpatch.build.kbuild.ObjectCompiler.Compiled;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Compiles the objects that patches affect, without them and with them, and compares. */
final class PatchedObjects {
    private final BuildParts parts;
    private final Ready ready;
    private final BuildProgress progress;
    private final Times times;
    private final ObjectCompiler compiler;
    private boolean ended;

    PatchedObjects(BuildParts parts, Ready ready, BuildProgress progress, Times times) {
        this.parts = parts;
        this.ready = ready;
        this.progress = progress;
        this.times = times;
        this.compiler = new ObjectCompiler(
                ready.objects(),
                ready.settings(),
                progress,
                ready.settings().home().resolveSibling("cache"),
                Disk.text(ready.place().resolve("source")));
    }

    List<Report.ObjectReport> differences(List<Path> patches) {
        SourcePatches.Plan plan = parts.patches().plan(ready.tree(), ready.treeName(), patches);
        plan.notes().forEach(progress::note);
        AffectedFinder.Affected affected =
                times.of("finding objects", () -> ready.finder().apply(plan.files()));
        BuildPatchModule.requireObjects(affected);
        affected.ignored().forEach(progress::note);
        affected.notes().forEach(progress::note);
        List<String> targets = affected.targets();
        Map<String, Compiled> originals = times.of("original", () -> compiler.compile(targets, "original"));
        Map<String, Compiled> patched = times.of("patched", () -> compilePatched(plan, targets));
        return times.of("comparing", () -> compare(targets, originals, patched));
    }

    private Map<String, Compiled> compilePatched(SourcePatches.Plan plan, List<String> targets) {
        try {
            apply(plan);
            return compiler.compile(targets, "patched");
        } finally {
            takeBack();
            plan.files().forEach(this::touch);
        }
    }

    private synchronized void apply(SourcePatches.Plan plan) {
        if (ended) {
            throw new KpatchException(Failure.FAILED, "interrupted");
        }
        plan.apply(ready.restore());
    }

    /** Takes the patches back, if that was not done yet. */
    private synchronized void takeBack() {
        parts.patches().takeBack(ready.tree(), ready.restore());
    }

    /** Takes the patches back for good: the process is being interrupted. */
    synchronized void end() {
        ended = true;
        takeBack();
    }

    /** What make generated from patched headers is older than they are then, and is made anew. */
    private void touch(String file) {
        Path path = ready.tree().resolve(file);
        if (Files.exists(path)) {
            Disk.with(
                    path,
                    "cannot be touched",
                    () -> Files.setLastModifiedTime(path, FileTime.from(java.time.Instant.now())));
        }
    }

    private List<Report.ObjectReport> compare(
            List<String> targets, Map<String, Compiled> originals, Map<String, Compiled> patched) {
        progress.step("comparing");
        List<Report.ObjectReport> reports = new ArrayList<>();
        for (String target : targets) {
            Compiled original = Objects.requireNonNull(originals.get(target));
            String parent = original.command().module().orElse("vmlinux");
            String path = Path.of(target).normalize().toString();
            Difference difference = ready.differ()
                    .difference(new ObjectDiffer.Pair(
                            path,
                            parent,
                            original.object(),
                            Objects.requireNonNull(patched.get(target)).object()));
            difference.notes().forEach(note -> progress.note(path + ": " + note));
            if (!difference.isEmpty()) {
                reports.add(new Report.ObjectReport(path, parent, difference));
            }
        }
        return reports;
    }
}
