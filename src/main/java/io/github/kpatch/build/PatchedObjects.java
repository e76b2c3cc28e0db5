// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.Versions.Both;
import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has the objects that patches affect compiled, without them and with them, and compares. */
final class PatchedObjects {
    private final BuildParts parts;
    private final Ready ready;
    private final BuildProgress progress;
    private final Times times;
    private boolean ended;

    PatchedObjects(BuildParts parts, Ready ready, BuildProgress progress, Times times) {
        this.parts = parts;
        this.ready = ready;
        this.progress = progress;
        this.times = times;
    }

    List<Report.ObjectReport> differences(List<Path> patches) {
        SourcePatches.Plan plan =
                parts.patches().plan(ready.sources().tree(), ready.sources().name(), patches);
        plan.notes().forEach(progress::note);
        Versions versions = ready.versions();
        times.run("finding objects", () -> versions.begin(plan.files()));
        times.run("original", versions::original);
        List<Both> objects = times.of("patched", () -> patched(plan));
        return times.of("comparing", () -> compare(objects));
    }

    private List<Both> patched(SourcePatches.Plan plan) {
        try {
            apply(plan);
            return ready.versions().patched();
        } finally {
            takeBack();
            ready.versions().takenBack(plan.files());
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
        parts.patches().takeBack(ready.sources().tree(), ready.restore());
    }

    /** Takes the patches back for good: the process is being interrupted. */
    synchronized void end() {
        ended = true;
        takeBack();
    }

    private List<Report.ObjectReport> compare(List<Both> objects) {
        progress.step("comparing");
        List<Report.ObjectReport> reports = new ArrayList<>();
        for (Both object : objects) {
            Difference difference = ready.differ()
                    .difference(new ObjectDiffer.Pair(
                            object.object(), object.parent(), object.original(), object.patched()));
            difference.notes().forEach(note -> progress.note(object.object() + ": " + note));
            if (!difference.isEmpty()) {
                reports.add(new Report.ObjectReport(object.object(), object.parent(), difference));
            }
        }
        return reports;
    }
}
