// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.kbuild.BuildLog;
import io.github.kpatch.build.kbuild.PatchName;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Interrupts;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.kernel.Tools;
import io.github.kpatch.store.Lock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Builds a patch module from source patches: the order of it all. */
public final class BuildPatchModule {
    private final Machine machine;
    private final Tools tools;
    private final BuildParts parts;
    private final BuildProgress progress;
    private final Path home;
    private final Consumer<String> live;

    /**
     * Builds on one machine.
     *
     * @param home the directory of ours, {@code ~/.kpatch}
     * @param live is told each line of the log as well
     */
    public BuildPatchModule(
            Machine machine, BuildParts parts, BuildProgress progress, Path home, Consumer<String> live) {
        this.machine = machine;
        this.tools = machine.tools();
        this.parts = parts;
        this.progress = progress;
        this.home = home.toAbsolutePath();
        this.live = live;
    }

    /** Builds it, or fails with all that is in the way; the source tree is afterwards what it was before. */
    public Report build(BuildRequest request) {
        requirePossible(request);
        Disk.makeDirectory(home);
        try (Lock lock = Lock.take(home.resolve("lock"), () -> progress.note("waiting for another kpatch-build"));
                BuildLog log = BuildLog.open(home.resolve("build.log"), live)) {
            try {
                if (tools.takeOver(home)) {
                    progress.note("what a build that was killed had left running was ended");
                }
                return build(request, log);
            } catch (KpatchException e) {
                throw withLog(e, log.file());
            }
        }
    }

    private Report build(BuildRequest request, BuildLog log) {
        AtomicReference<@Nullable PatchedObjects> patched = new AtomicReference<>();
        try (Interrupts.Watch watch = machine.interrupts().onInterrupt(() -> {
            tools.stop();
            Optional.ofNullable(patched.get()).ifPresent(PatchedObjects::end);
        })) {
            Times times = new Times(machine.clock());
            Preparation preparation = new Preparation(machine, tools, parts, progress, log);
            Ready ready = times.of("preparing", () -> preparation.prepare(request, home));
            PatchedObjects objects = new PatchedObjects(parts, ready, progress, times);
            patched.set(objects);
            List<Report.ObjectReport> differences = objects.differences(request.patches());
            String release = ready.settings().release();
            Report report = new Report(release, Optional.empty(), log.file(), differences, times.all());
            requirePatchable(report);
            if (request.manner().checkOnly()) {
                return report;
            }
            FinishedModule module = new FinishedModule(parts, ready, tools, log, progress);
            Path file = times.of("linking", () -> module.make(request, differences));
            return new Report(release, Optional.of(file), log.file(), differences, times.all());
        }
    }

    private static KpatchException withLog(KpatchException e, Path log) {
        if (e.sentence().contains(log.toString())) {
            return e;
        }
        List<String> evidence = new ArrayList<>(e.evidence());
        evidence.add("the log: " + log);
        return new KpatchException(e.kind(), e.parts(), evidence, e);
    }

    private static void requirePossible(BuildRequest request) {
        for (Path patch : request.patches()) {
            Disk.read(patch);
        }
        request.result().name().ifPresent(PatchName::chosen);
        request.outOfTree().map(BuildRequest.OutOfTree::module).ifPresent(Disk::read);
    }

    private static void requirePatchable(Report report) {
        List<String> refusals = report.refusals();
        if (!refusals.isEmpty()) {
            throw new KpatchException(
                    Failure.REFUSED,
                    Sentence.of(
                            "the change cannot be patched into a running kernel", "the lines below say where and why"),
                    refusals);
        }
        if (report.objects().stream().allMatch(object -> object.difference().isEmpty())) {
            throw new KpatchException(
                    Failure.REFUSED,
                    "the patch changes nothing in kernel " + report.kernel(),
                    "is what it changes configured, and not in the kernel already?");
        }
    }
}
