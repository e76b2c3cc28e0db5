// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Brings a source tree to where kbuild compiles single objects in it as it did for the kernel, once for each kernel. */
public final class TreePreparation {
    /** Raised when trees that earlier versions prepared are not good enough any more. */
    private static final String EDITION = "2";

    private final Make make;
    private final KbuildSettings settings;
    private final BuildProgress progress;

    public TreePreparation(Make make, KbuildSettings settings, BuildProgress progress) {
        this.make = make;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Prepares the tree, unless it is.
     *
     * @param config the file with the kernel's configuration
     * @param symvers its Module.symvers
     * @param tolerant whether a configuration that the tools here cannot give is only warned of
     */
    public void prepare(Path config, Path symvers, boolean tolerant) {
        writeOwn(settings);
        String stamp = stamp(Disk.text(config), symvers);
        Path file = settings.home().resolve("prepared");
        if (Disk.textIfThere(file).equals(Optional.of(stamp))) {
            return;
        }
        Disk.remove(file);
        progress.step("preparing the source tree");
        Path tree = make.tree();
        Disk.write(tree.resolve(".config"), Disk.read(config));
        Disk.copy(symvers, tree.resolve("Module.symvers"));
        make.run("the kernel's configuration", List.of("olddefconfig"));
        requireSame(KernelConfig.parse(Disk.text(tree.resolve(".config"))), tolerant);
        make.run("the kernel's headers", List.of("prepare", "modules_prepare"));
        Disk.write(file, stamp);
    }

    /**
     * Has a tree prepared again, and made anew what kbuild generates from C files: they may have been patched then, and
     * have the times of before.
     *
     * @param home the directory of ours for the tree's kernel
     */
    public static void distrust(Path tree, Path home) {
        Disk.remove(home.resolve("prepared"));
        Disk.remove(tree.resolve("kernel/bounds.s"));
        Disk.remove(tree.resolve("kernel/sched/rq-offsets.s"));
        Disk.remove(tree.resolve("arch/x86/kernel/asm-offsets.s"));
    }

    private String stamp(String config, Path symvers) {
        String identity = Disk.with(
                symvers,
                "cannot be read",
                () -> Files.size(symvers) + " "
                        + Files.getLastModifiedTime(symvers).toMillis());
        return String.join(
                "\n",
                EDITION,
                settings.release(),
                settings.compiler().program(),
                settings.compiler().version().text(),
                symvers + " " + identity,
                config);
    }

    private void requireSame(KernelConfig made, boolean tolerant) {
        List<String> changed = settings.config().changedIn(made);
        if (changed.isEmpty()) {
            return;
        }
        String sentence = "the kernel's configuration is another one with the tools on this machine, so that its"
                + " structures may be: " + changed.get(0)
                + (changed.size() > 1 ? " and " + (changed.size() - 1) + " more" : "");
        if (!tolerant) {
            throw new KpatchException(
                    Failure.REFUSED,
                    Sentence.of(
                            sentence,
                            "install what the kernel was built with (--skip-compiler-check builds all the same)"),
                    changed.subList(0, Math.min(changed.size(), 8)));
        }
        progress.warn(sentence);
    }

    /** The header for authors of patches, the one against values in instructions, and what stands for programs. */
    public static void writeOwn(KbuildSettings settings) {
        put(settings.includes().resolve("kpatch-macros.h"), resource("kpatch-macros.h"));
        put(settings.runtimeConstants(), resource("kpatch-runtime-const.h"));
        settings.standIns().write();
    }

    /** Objects are made anew for a header that is newer than they are. */
    private static void put(Path file, byte[] content) {
        if (!Files.exists(file) || !Arrays.equals(Disk.read(file), content)) {
            Disk.write(file, content);
        }
    }

    /** A file that comes with this program. */
    static byte[] resource(String name) {
        try (InputStream in = TreePreparation.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
