// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.AffectedFinder.Affected;
import io.github.kpatch.build.diff.Parent;
import io.github.kpatch.build.kbuild.ObjectCompiler;
import io.github.kpatch.build.kbuild.ObjectCompiler.Compiled;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The objects that a scan of the sources finds, each compiled for itself. */
final class ScannedObjects implements Versions {
    private final Path tree;
    private final Function<List<String>, Affected> finder;
    private final ObjectCompiler compiler;
    private final BuildProgress progress;
    private List<String> targets = List.of();
    private Map<String, Compiled> originals = Map.of();

    /** @param finder finds the objects that files affect */
    ScannedObjects(
            Path tree, Function<List<String>, Affected> finder, ObjectCompiler compiler, BuildProgress progress) {
        this.tree = tree;
        this.finder = finder;
        this.compiler = compiler;
        this.progress = progress;
    }

    @Override
    public void begin(List<String> files) {
        Affected affected = finder.apply(files);
        affected.requireObjects();
        affected.ignored().forEach(progress::note);
        affected.notes().forEach(progress::note);
        targets = affected.targets();
    }

    @Override
    public void original() {
        originals = compiler.compile(targets, "original");
    }

    @Override
    public List<Both> patched() {
        Map<String, Compiled> patched = compiler.compile(targets, "patched");
        List<Both> objects = new ArrayList<>();
        for (String target : targets) {
            Compiled original = Objects.requireNonNull(originals.get(target));
            objects.add(new Both(
                    Path.of(target).normalize().toString(),
                    original.command().module().orElse(Parent.KERNEL),
                    original.object(),
                    Objects.requireNonNull(patched.get(target)).object()));
        }
        return objects;
    }

    /** What make generated from patched headers is older than they are then, and is made anew. */
    @Override
    public void takenBack(List<String> files) {
        for (String file : files) {
            Path path = tree.resolve(file);
            if (Files.exists(path)) {
                Disk.with(
                        path, "cannot be touched", () -> Files.setLastModifiedTime(path, FileTime.from(Instant.now())));
            }
        }
    }
}
