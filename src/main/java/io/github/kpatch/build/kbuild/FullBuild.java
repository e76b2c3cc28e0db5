// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.TreeState;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Has kbuild make all objects in a tree of its own: of the sources as they are, of which all stays for the next time,
 * and then of the patched ones, of which nothing stays in the tree. What kbuild then makes anew and has another content
 * is what the patches change.
 */
public final class FullBuild {
    /** How kbuild tells of an object that it compiles: {@code   CC [M]  fs/binfmt_misc.o}. */
    private static final Pattern COMPILED = Pattern.compile(" +(?:CC|AS|RUSTC)(?: \\[M\\])? +[^ ]*\\.o");

    /** Objects of kernels and modules; those of programs that the build itself runs lie elsewhere. */
    private static final Pattern OBJECT = Pattern.compile("(?!tools/|scripts/).*(?<!\\.mod)\\.o");

    /**
     * The configuration in its forms. Patches may change them, and kbuild would take all options for changed where it
     * has to make them from nothing (scripts/kconfig/confdata.c).
     */
    private static final List<String> CONFIGURATION = List.of(
            ".config",
            "include/config/auto.conf",
            "include/config/auto.conf.cmd",
            "include/generated/autoconf.h",
            "include/generated/rustc_cfg");

    private final Make make;
    private final KbuildSettings settings;
    private final BuildProgress progress;
    private final FullTargets targets;

    /** By their paths in the tree: what the module is called that they are part of, or that it is none. */
    private final Map<String, Optional<String>> originals = new LinkedHashMap<>();

    private TreeState before = new TreeState(Map.of());

    /**
     * Builds in one tree.
     *
     * @param targets what make is asked for; none for the kernel and all its modules
     */
    public FullBuild(Make make, KbuildSettings settings, BuildProgress progress, List<String> targets) {
        this.make = make;
        this.settings = settings;
        this.progress = progress;
        this.targets = new FullTargets(
                targets.stream().map(target -> inTree(make.tree(), target)).toList());
    }

    /**
     * An object that is another one with the patches, or that there is only with them.
     *
     * @param path in the tree
     * @param original without them, if there is such an object
     * @param module what the original is part of; empty for the kernel itself
     * @param command what kbuild noted of the patched one
     */
    public record Changed(
            String path, Optional<Path> original, Optional<String> module, Path patched, CommandFile command) {}

    /** Makes all objects of the sources as they are; those that were made before are there. */
    public void original() {
        progress.step("compiling " + what() + " without the patches");
        make("without the patches");
        before = TreeState.of(make.tree());
        Disk.remove(place("original"));
        Disk.remove(place("patched"));
        for (String name : before.files().keySet()) {
            Path object = make.tree().resolve(name);
            if (OBJECT.matcher(name).matches() && Files.exists(CommandFile.of(object))) {
                originals.put(name, CommandFile.beginning(object).module());
                link(object, place("original").resolve(name));
            }
        }
        CONFIGURATION.stream()
                .filter(before.files()::containsKey)
                .forEach(name -> Disk.copy(make.tree().resolve(name), configuration(settings.home(), name)));
        before.keep(place("unpatched"));
    }

    /** Makes all objects of the patched sources, and gives those that were changed. */
    public List<Changed> patched() {
        progress.step("compiling " + what() + " with the patches");
        make.run("the configuration with the patches", List.of("olddefconfig"));
        make("with the patches");
        List<Changed> changed = new ArrayList<>();
        for (String name : before.writtenUntil(TreeState.of(make.tree()))) {
            Path object = make.tree().resolve(name);
            if (OBJECT.matcher(name).matches() && Files.exists(CommandFile.of(object)) && !isSame(name)) {
                CommandFile command = new CommandFile(Disk.text(CommandFile.of(object)));
                if (command.isOfKernel()) {
                    changed.add(changed(name, command));
                }
            }
        }
        return changed;
    }

    /** Of a directory without a slash at the end make would only find that it is there. */
    private static String inTree(Path tree, String target) {
        return Files.isDirectory(tree.resolve(target)) && !target.endsWith("/") ? target + "/" : target;
    }

    /** Whether there are targets, and none of them has had an object made. */
    public boolean leavesOut(String object) {
        return !targets.isWhole() && !originals.containsKey(object);
    }

    /** Whether the original kernel has a module of that name, as far as it was built. */
    public boolean hasModule(String name) {
        return originals.containsValue(Optional.of(name));
    }

    /**
     * Removes from the tree what was made of patched sources, which are what they were again; a later call of make makes
     * it as it was. Where that is cut short, it can be called again.
     *
     * @param home the directory of ours for the tree
     */
    public static void takeBack(Path home) {
        Path tree = home.resolve("tree");
        Path kept = home.resolve("unpatched");
        TreeState.kept(kept).ifPresent(state -> {
            TreeState now = TreeState.of(tree);
            if (state.isOther("Makefile", now)) {
                Disk.remove(home.resolve("source")); // it is another tree, which is then unpacked anew
            }
            state.writtenUntil(now).forEach(name -> Disk.remove(tree.resolve(name)));
            CONFIGURATION.stream()
                    .filter(state.files()::containsKey)
                    .filter(name -> state.isOther(name, now))
                    .forEach(name -> Disk.copy(configuration(home, name), tree.resolve(name)));
            Disk.remove(kept);
        });
    }

    /** The same after {@link #patched}. */
    public void takeBack() {
        takeBack(settings.home());
    }

    private String what() {
        return targets.isWhole() ? "the whole kernel" : String.join(", ", targets.targets());
    }

    private void make(String state) {
        int[] count = {0};
        for (List<String> call : targets.calls()) {
            List<String> arguments = Stream.concat(settings.ofFullBuild().stream(), call.stream())
                    .toList();
            make.run(what() + " " + state, arguments, line -> {
                if (COMPILED.matcher(line).matches()) {
                    count[0]++;
                    progress.passing("compiling " + what() + " " + state + ": " + count[0] + " objects");
                }
            });
        }
    }

    private static Path configuration(Path home, String name) {
        return home.resolve("configuration").resolve(name);
    }

    private Path place(String name) {
        return settings.home().resolve(name);
    }

    /** An object is a new file when it is made anew, and the original stays where a second link leads. */
    private static void link(Path object, Path link) {
        Disk.makeDirectory(link.resolveSibling("."));
        Disk.with(link, "cannot be linked to " + object, () -> Files.createLink(link, object));
    }

    private boolean isSame(String name) {
        if (!originals.containsKey(name)) {
            return false;
        }
        Path object = make.tree().resolve(name);
        Path original = place("original").resolve(name);
        return Disk.with(object, "cannot be read", () -> {
            if (Files.isSameFile(object, original)) {
                throw new KpatchException(
                        Failure.FAILED,
                        object + ": was written over and not made anew, so that there is nothing to compare it with;"
                                + " remove " + settings.home());
            }
            return Files.mismatch(object, original) < 0;
        });
    }

    /** Takes it out of the tree as well. */
    private Changed changed(String name, CommandFile command) {
        Path patched = place("patched").resolve(name);
        Disk.makeDirectory(patched.resolveSibling("."));
        Disk.with(patched, "cannot be put there", () -> Files.move(make.tree().resolve(name), patched));
        Optional<Path> original =
                originals.containsKey(name) ? Optional.of(place("original").resolve(name)) : Optional.empty();
        return new Changed(name, original, originals.getOrDefault(name, Optional.empty()), patched, command);
    }
}
