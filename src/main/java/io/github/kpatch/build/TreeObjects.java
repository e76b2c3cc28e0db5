// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.source.AffectedObjects;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.build.source.KernelObject;
import io.github.kpatch.build.source.ObjectFinder;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds objects by what a configured tree is made of and by what its files include. */
final class TreeObjects implements AffectedFinder {
    /** As the directory below {@code arch/} is called. */
    private static final String ARCHITECTURE = "x86";

    /** It takes minutes to compile so many. */
    private static final int MANY = 500;

    private static final String TAKES_LONG = ", and it takes long to compile so many"
            + " (--full-build compiles the whole kernel, and has make say which are)";

    private final Tools tools;

    TreeObjects(Tools tools) {
        this.tools = tools;
    }

    @Override
    public Affected of(Path tree, List<String> files) {
        AffectedObjects found = finder(tree).affectedBy(files);
        List<String> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (AffectedObjects.Unpatchable unpatchable : found.unpatchable()) {
            (unpatchable.itself() ? refusals : notes)
                    .add(sentence(unpatchable.object().path(), unpatchable.why()));
        }
        List<String> ignored = new ArrayList<>();
        found.notBuilt().forEach(file -> ignored.add(file + ": this kernel is not made from it"));
        found.makefiles()
                .forEach(file ->
                        ignored.add(file + ": tells how the kernel is built, and only --full-build follows that"));
        boolean rust = !found.others().isEmpty() && hasRust(tree);
        for (String file : found.others()) {
            if (rust && file.endsWith(".rs")) {
                refusals.add(file + ": is in Rust, and only functions in C can be patched");
            } else {
                ignored.add(file + ": is not compiled");
            }
        }
        int count = found.objects().size();
        if (count > 1) {
            notes.add(count + " objects may be affected" + (count > MANY ? TAKES_LONG : ""));
        }
        return new Affected(found.objects().stream().map(KernelObject::target).toList(), refusals, ignored, notes);
    }

    @Override
    public List<String> refusals(Path tree, Map<String, String> sources) {
        List<String> refusals = new ArrayList<>();
        finder(tree).unpatchable(sources).forEach((object, why) -> refusals.add(sentence(object, why)));
        return refusals;
    }

    private static boolean hasRust(Path tree) {
        return KernelConfig.parse(Disk.textIfThere(tree.resolve(".config")).orElse(""))
                .isSet("RUST");
    }

    private static String sentence(String object, String why) {
        return object + ": " + why;
    }

    private ObjectFinder finder(Path tree) {
        return new ObjectFinder(tree, ARCHITECTURE, tree.resolveSibling("finder"), tools::run);
    }
}
