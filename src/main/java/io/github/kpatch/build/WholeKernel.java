// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.AffectedFinder.Affected;
import io.github.kpatch.build.diff.Parent;
import io.github.kpatch.build.kbuild.FullBuild;
import io.github.kpatch.build.kbuild.FullBuild.Changed;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Makefiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The objects that a full build makes otherwise with the patches: whatever they change, make finds out what of. */
final class WholeKernel implements Versions {
    /** They have a copy of the headers or of the configuration in them, for people to read (kernel/Makefile). */
    private static final Set<String> COPIES = Set.of("kernel/kheaders.o", "kernel/configs.o");

    private final Path tree;
    private final AffectedFinder finder;
    private final FullBuild build;
    private final BuildProgress progress;
    private List<String> files = List.of();

    /** What the patches affect as far as that can be told from the sources. */
    private List<String> affected = List.of();

    WholeKernel(Path tree, AffectedFinder finder, FullBuild build, BuildProgress progress) {
        this.tree = tree;
        this.finder = finder;
        this.build = build;
        this.progress = progress;
    }

    /** That a changed file cannot be patched can be said before a kernel is built. */
    @Override
    public void begin(List<String> changed) {
        files = changed;
        Affected found = finder.of(tree, files);
        found.requirePatchable();
        affected = found.targets().stream()
                .map(target -> Path.of(target).normalize().toString())
                .toList();
        files.stream()
                .filter(Makefiles::isOne)
                .forEach(file -> progress.note(file + ": what it takes out of the kernel stays in the running one"));
    }

    @Override
    public void original() {
        build.original();
        List<String> left = affected.stream().filter(build::leavesOut).toList();
        List<String> refusals = left.stream()
                .filter(object -> files.contains(object.replaceFirst("o$", "c")))
                .map(object -> object + ": is changed, and no --target has it made; name one that does, too")
                .toList();
        new Affected(List.of(), refusals, List.of(), List.of()).requirePatchable();
        if (!left.isEmpty()) {
            progress.note(
                    "objects that no --target has made stay as they are, though they may be affected: " + left.size());
        }
    }

    @Override
    public List<Both> patched() {
        List<Both> objects = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        Map<String, String> sources = new TreeMap<>();
        List<Changed> all = build.patched();
        noteWithoutEffect(all);
        for (Changed changed : all) {
            if (COPIES.contains(changed.path())) {
                progress.note(changed.path() + ": is a copy of what it was built of, and stays as it is");
                continue;
            }
            if (isOfNewModule(changed)) {
                progress.note(changed.path() + ": is of a module that the kernel does not have, and is no part of the"
                        + " patch module");
                continue;
            }
            sources.put(changed.path(), changed.command().source().orElseThrow());
            whyNot(changed).ifPresent(why -> refusals.add(changed.path() + ": " + why));
            changed.original()
                    .ifPresent(original -> objects.add(
                            new Both(changed.path(), parent(changed.module()), original, changed.patched())));
        }
        progress.note(objects.size() + (objects.size() == 1 ? " object differs" : " objects differ"));
        refusals.addAll(finder.refusals(tree, sources));
        new Affected(List.of(), refusals, List.of(), List.of()).requirePatchable();
        return objects;
    }

    @Override
    public void takenBack(List<String> changed) {
        build.takeBack();
    }

    private void noteWithoutEffect(List<Changed> all) {
        Set<String> read = new HashSet<>();
        all.forEach(changed -> read.addAll(changed.command().dependencies()));
        files.stream()
                .filter(file -> file.matches(".*\\.[chS]") && !read.contains(file))
                .forEach(file -> progress.note(file + ": no object differs by its change"));
    }

    private static String parent(Optional<String> module) {
        return module.orElse(Parent.KERNEL);
    }

    private boolean isOfNewModule(Changed changed) {
        return changed.original().isEmpty()
                && changed.command()
                        .module()
                        .filter(name -> !build.hasModule(name))
                        .isPresent();
    }

    private static Optional<String> whyNot(Changed changed) {
        String now = parent(changed.command().module());
        if (changed.original().isEmpty()) {
            return Optional.of("is a new object of " + now
                    + ", and only those that are there can be patched; put what it has into one of them");
        }
        String before = parent(changed.module());
        return before.equals(now)
                ? Optional.empty()
                : Optional.of("is part of " + before + ", and would be of " + now + " with the patch");
    }
}
