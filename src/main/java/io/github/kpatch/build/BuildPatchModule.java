// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.AffectedFinder.Affected;
import io.github.kpatch.build.kbuild.BuildLog;
import io.github.kpatch.build.kbuild.KbuildSettings;
import io.github.kpatch.build.kbuild.KernelCompiler;
import io.github.kpatch.build.kbuild.Make;
import io.github.kpatch.build.kbuild.PatchName;
import io.github.kpatch.build.kbuild.TreePreparation;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.build.source.KernelSources;
import io.github.kpatch.build.source.Origin;
import io.github.kpatch.build.source.TargetKernel;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Interrupts;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.kernel.RunningKernel;
import io.github.kpatch.kernel.Tools;
import io.github.kpatch.store.Lock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
                return build(request, log);
            } catch (KpatchException e) {
                throw withLog(e, log.file());
            }
        }
    }

    private Report build(BuildRequest request, BuildLog log) {
        Times times = new Times(machine.clock());
        Ready ready = times.of("preparing", () -> prepare(request, log));
        PatchedObjects objects = new PatchedObjects(parts, ready, progress, times);
        List<Report.ObjectReport> differences;
        try (Interrupts.Watch watch = machine.interrupts().onInterrupt(() -> {
            tools.stop();
            objects.takeBack();
        })) {
            differences = objects.differences(request.patches());
        }
        Report report = new Report(ready.release(), Optional.empty(), log.file(), differences, times.all());
        requirePatchable(report);
        if (request.manner().checkOnly()) {
            return report;
        }
        FinishedModule module = new FinishedModule(parts, ready, tools, log, progress);
        Path file = times.of("linking", () -> module.make(request, differences));
        return new Report(ready.release(), Optional.of(file), log.file(), differences, times.all());
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
        if (request.outOfTree().isPresent()) {
            throw new KpatchException(
                    Failure.FAILED, "--oot-module: modules from outside of the kernel's tree cannot be patched yet");
        }
    }

    private Ready prepare(BuildRequest request, BuildLog log) {
        String running = new RunningKernel(machine.roots(), machine.zstd()).version();
        String release = request.kernel().release().orElse(running);
        TargetKernel kernel = new TargetKernel(machine.roots(), release, banner(release, running));
        Path place = home.resolve(release);
        takeBackWhatIsLeft(place);
        Path tree = new KernelSources(machine.roots(), tools, progress, log::line)
                .prepare(request.kernel().origin(), kernel, place);
        Path configFile = kernel.config(
                request.kernel().config(), ownTree(request.kernel().origin()));
        KernelConfig config = KernelConfig.parse(Disk.text(configFile));
        config.requirePatchable(configFile.toString());
        boolean tolerant = request.manner().skipCompilerCheck();
        KbuildSettings settings = new KbuildSettings(
                release,
                config,
                new KernelCompiler(tools)
                        .choose(kernel, config, request.kernel().vmlinux(), tolerant, progress),
                request.manner().jobs(),
                place);
        Make make = new Make(tools, log, tree, settings);
        Path symvers = kernel.moduleSymvers();
        new TreePreparation(make, settings, progress).prepare(configFile, symvers, tolerant);
        ObjectDiffer differ =
                parts.differs().apply(new BuildParts.Differing(request.kernel(), release, kernel.banner(), symvers));
        return new Ready(release, place, settings, make, differ);
    }

    /** A build that was killed has left the tree patched, and maybe what was generated from it. */
    private void takeBackWhatIsLeft(Path place) {
        Path tree = place.resolve("tree");
        if (parts.patches().takeBack(tree, place.resolve("restore"))) {
            progress.note("the source tree was left patched by a build that was cut short; that was taken back");
            TreePreparation.distrust(tree, place);
        }
    }

    private Optional<String> banner(String release, String running) {
        Optional<String> inImage = parts.banner().apply(release);
        return inImage.isPresent() || !release.equals(running)
                ? inImage
                : Disk.textIfThere(machine.roots().proc().resolve("version")).map(String::strip);
    }

    private static Optional<Path> ownTree(Origin origin) {
        return origin instanceof Origin.Directory directory ? Optional.of(directory.path()) : Optional.empty();
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

    /** Says, as one failure, why objects cannot be patched at all. */
    static void requireNone(Affected affected) {
        if (!affected.refusals().isEmpty()) {
            throw new KpatchException(
                    Failure.REFUSED,
                    Sentence.of("the patch changes what cannot be patched", "the lines below say what and why"),
                    affected.refusals());
        }
        if (affected.targets().isEmpty()) {
            throw new KpatchException(
                    Failure.REFUSED, "the patch changes no file that this kernel is made from; is it configured?");
        }
    }
}
