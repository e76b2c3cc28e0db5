// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.AffectedFinder.Affected;
import io.github.kpatch.build.kbuild.BuildLog;
import io.github.kpatch.build.kbuild.FullBuild;
import io.github.kpatch.build.kbuild.FullBuildRoom;
import io.github.kpatch.build.kbuild.KbuildSettings;
import io.github.kpatch.build.kbuild.KernelCompiler;
import io.github.kpatch.build.kbuild.Make;
import io.github.kpatch.build.kbuild.ModuleObjects;
import io.github.kpatch.build.kbuild.ObjectCompiler;
import io.github.kpatch.build.kbuild.TreePreparation;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.build.source.KernelSources;
import io.github.kpatch.build.source.Origin;
import io.github.kpatch.build.source.TargetKernel;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.kernel.RunningKernel;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Has all in place for compiling: sources that are ours to change, configured, and the kernel's compiler. */
final class Preparation {
    private final Machine machine;
    private final Tools tools;
    private final BuildParts parts;
    private final BuildProgress progress;
    private final BuildLog log;

    Preparation(Machine machine, Tools tools, BuildParts parts, BuildProgress progress, BuildLog log) {
        this.machine = machine;
        this.tools = tools;
        this.parts = parts;
        this.progress = progress;
        this.log = log;
    }

    Ready prepare(BuildRequest request, Path home) {
        TargetKernel kernel = target(request.kernel());
        Path place = home.resolve(kernel.release());
        return request.outOfTree().isPresent()
                ? module(request, request.outOfTree().get(), kernel, place)
                : kernel(request, kernel, place);
    }

    private TargetKernel target(BuildRequest.Kernel wanted) {
        String running = new RunningKernel(machine.roots(), machine.zstd()).version();
        String release = wanted.release().orElse(running);
        Optional<String> banner = parts.banner().apply(release);
        if (banner.isEmpty() && release.equals(running)) {
            banner = Disk.textIfThere(machine.roots().proc().resolve("version")).map(String::strip);
        }
        return new TargetKernel(machine.roots(), release, banner);
    }

    private Ready kernel(BuildRequest request, TargetKernel kernel, Path place) {
        takeBackWhatIsLeft(place);
        Origin origin = request.kernel().origin();
        Optional<Path> theirs =
                origin instanceof Origin.Directory directory ? Optional.of(directory.path()) : Optional.empty();
        Path configFile = kernel.config(request.kernel().config(), theirs);
        KbuildSettings settings = settings(request, kernel, configFile, place);
        KbuildSettings ofFull = settings.in(place.resolve("full"));
        List<String> targets = request.manner().targets();
        if (request.manner().fullBuild()) {
            new FullBuildRoom(tools).require(ofFull.home(), ofFull, targets);
        } else if (!targets.isEmpty()) {
            progress.warn("--target has no effect without --full-build");
        }
        Make make = tree(request, kernel, configFile, settings);
        if (!request.manner().fullBuild()) {
            Versions scanned = scanned(make, settings, files -> parts.finder().of(make.tree(), files));
            return new Ready(place, settings, make, sources(make), scanned, differ(request, kernel));
        }
        takeBackWhatIsLeft(ofFull.home());
        FullBuild.takeBack(ofFull.home());
        Make full = tree(request, kernel, configFile, ofFull);
        if (settings.config().isSet("RUST")) {
            progress.note("what is in Rust, and what is in rust/, is neither compiled nor compared");
        }
        FullBuild build = new FullBuild(full, ofFull, progress, targets);
        Versions whole = new WholeKernel(full.tree(), parts.finder(), build, progress);
        return new Ready(ofFull.home(), ofFull, make, sources(full), whole, differ(request, kernel));
    }

    /** The sources and what kbuild needs in them, in the directory that the settings name. */
    private Make tree(BuildRequest request, TargetKernel kernel, Path configFile, KbuildSettings settings) {
        Path tree = new KernelSources(machine.roots(), tools, progress, log::line)
                .prepare(request.kernel().origin(), kernel, settings.home());
        Make make = new Make(tools, log, tree, settings);
        boolean tolerant = request.manner().skipCompilerCheck();
        new TreePreparation(make, settings, progress).prepare(configFile, kernel.moduleSymvers(), tolerant);
        return make;
    }

    private static Ready.Sources sources(Make kernel) {
        return new Ready.Sources(kernel.tree(), kernel.tree().toString());
    }

    private Versions scanned(Make objects, KbuildSettings settings, Function<List<String>, Affected> finder) {
        Path tree = objects.tree();
        ObjectCompiler compiler = new ObjectCompiler(
                objects,
                settings,
                progress,
                settings.home().resolveSibling("cache"),
                Disk.text(tree.resolveSibling("source")));
        return new ScannedObjects(tree, finder, compiler, progress);
    }

    /** A module from outside is built by the kernel's headers, as it always is. */
    private Ready module(BuildRequest request, BuildRequest.OutOfTree module, TargetKernel kernel, Path place) {
        String name = String.valueOf(module.module().getFileName()).replaceFirst("\\.ko(\\.[a-z0-9]+)?$", "");
        String ours = Exports.moduleName(name);
        Path own = place.resolve("oot-" + name);
        takeBackWhatIsLeft(own);
        Path sources = KernelSources.copyOf(module.sources(), own, progress);
        Path configFile = kernel.config(request.kernel().config(), Optional.empty());
        KbuildSettings settings = settings(request, kernel, configFile, place);
        TreePreparation.writeOwn(settings);
        Make make = new Make(tools, log, kernel.headers(), settings);
        Make objects = make.onModule(sources);
        Versions scanned = scanned(
                objects, settings, new OutOfTreeObjects(ours, new ModuleObjects(objects, settings))::affectedBy);
        Ready.Sources theirs =
                new Ready.Sources(sources, "the sources of module " + ours + " (" + module.sources() + ")");
        return new Ready(own, settings, make, theirs, scanned, differ(request, kernel));
    }

    private KbuildSettings settings(BuildRequest request, TargetKernel kernel, Path configFile, Path place) {
        KernelConfig config = KernelConfig.parse(Disk.text(configFile));
        config.requirePatchable(configFile.toString());
        boolean tolerant = request.manner().skipCompilerCheck();
        return new KbuildSettings(
                kernel.release(),
                config,
                new KernelCompiler(tools)
                        .choose(kernel, config, request.kernel().vmlinux(), tolerant, progress),
                request.manner().jobs(),
                place);
    }

    private ObjectDiffer differ(BuildRequest request, TargetKernel kernel) {
        return parts.differs()
                .apply(new BuildParts.Differing(request, kernel.release(), kernel.banner(), kernel.moduleSymvers()));
    }

    /** A build that was killed has left the tree patched, and maybe what was generated from it. */
    private void takeBackWhatIsLeft(Path place) {
        Path tree = place.resolve("tree");
        if (parts.patches().takeBack(tree, place.resolve("restore"))) {
            progress.note("the source tree was left patched by a build that was cut short; that was taken back");
            TreePreparation.distrust(tree, place);
        }
    }
}
