// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A tree of a kernel's sources that is ours to change, below a directory of ours: {@code tree}, and beside it
 * {@code source}, which says where the tree is from and is there only if the tree is whole.
 */
public final class KernelSources {
    /** Of the 80,000 files that a kernel has, tar tells each thousandth. */
    private static final int CHECKPOINT = 1_000;

    private final Tools tools;
    private final DebianSources debian;
    private final BuildProgress progress;
    private final Consumer<String> log;

    public KernelSources(Roots roots, Tools tools, BuildProgress progress, Consumer<String> log) {
        this.tools = tools;
        this.debian = new DebianSources(roots, tools, log);
        this.progress = progress;
        this.log = log;
    }

    /**
     * Has the tree there, whole and of the kernel's version.
     *
     * @param home the directory of ours for this kernel
     * @return where the tree is
     */
    public Path prepare(Origin origin, TargetKernel kernel, Path home) {
        Path tree = home.resolve("tree");
        if (origin instanceof Origin.Directory directory) {
            copy(directory.path(), home);
        } else if (origin instanceof Origin.Rpm rpm) {
            String stamp = "rpm " + rpm.file().toAbsolutePath() + " " + identity(rpm.file());
            once(stamp, home, () -> unpack(rpm, home, tree));
        } else {
            Optional<String> wanted = debian.packageVersion(kernel);
            KernelVersion version = versionOf(kernel, wanted);
            String stamp = "distribution " + wanted.orElse(version.toString());
            once(stamp, home, () -> unpack(debian.find(version, wanted, home.resolve("download")), home, tree));
        }
        requireVersion(tree, kernel);
        return tree;
    }

    /** Does what makes the tree, unless it was done to the end before. */
    private static void once(String stamp, Path home, Runnable making) {
        Path file = home.resolve("source");
        if (Disk.textIfThere(file).equals(Optional.of(stamp))) {
            return;
        }
        forget(home);
        making.run();
        Disk.write(file, stamp);
    }

    /** What was made of another tree is worth nothing. */
    private static void forget(Path home) {
        Disk.remove(home.resolve("source"));
        Disk.remove(home.resolve("prepared"));
        Disk.remove(home.resolve("copied"));
        Disk.remove(home.resolve("tree"));
    }

    private void copy(Path directory, Path home) {
        if (KernelVersion.ofMakefile(
                        Disk.textIfThere(directory.resolve("Makefile")).orElse(""))
                .isEmpty()) {
            throw new KpatchException(
                    Failure.REFUSED, directory + ": is no kernel source tree, as its Makefile has no version");
        }
        copyOf(directory, home, progress);
    }

    /** A copy of a directory, kept up to date in {@code tree} below a directory of ours; gives where that is. */
    public static Path copyOf(Path directory, Path home, BuildProgress progress) {
        String stamp = "copy of " + directory.toAbsolutePath().normalize();
        Path file = home.resolve("source");
        if (!Disk.textIfThere(file).equals(Optional.of(stamp))) {
            forget(home);
            progress.step("copying " + directory);
        }
        Path tree = home.resolve("tree");
        new SourceCopy(
                        directory,
                        tree,
                        home.resolve("copied"),
                        files -> progress.passing("copying " + directory + ": " + files + " files"))
                .refresh();
        Disk.write(file, stamp);
        return tree;
    }

    private void unpack(Origin.Rpm rpm, Path home, Path tree) {
        progress.step("unpacking " + rpm.file());
        new SourceRpm(tools, log).unpack(rpm.file(), home.resolve("rpm"), tree);
    }

    private void unpack(SourcePackage source, Path home, Path tree) {
        Path archive = source.archive();
        progress.step("unpacking " + archive);
        Disk.makeDirectory(tree);
        AtomicInteger files = new AtomicInteger();
        Consumer<String> told = line -> {
            if (line.equals("checkpoint")) {
                progress.passing("unpacking " + archive + ": " + files.addAndGet(CHECKPOINT) + " records");
            } else {
                log.accept(line);
            }
        };
        int status = tools.run(
                List.of(
                        "tar",
                        "-xf",
                        archive.toString(),
                        "-C",
                        tree.toString(),
                        "--strip-components=1",
                        "--checkpoint=" + CHECKPOINT,
                        "--checkpoint-action=echo=checkpoint"),
                home,
                told);
        if (status != 0) {
            throw new KpatchException(
                    Failure.FAILED, archive + ": cannot be unpacked", "the log says why (is the disk full?)");
        }
        Disk.remove(home.resolve("download"));
    }

    private static String identity(Path file) {
        return Disk.with(
                file,
                "cannot be read",
                () -> Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis());
    }

    private static KernelVersion versionOf(TargetKernel kernel, Optional<String> packageVersion) {
        return kernel.version()
                .or(() -> packageVersion.flatMap(KernelVersion::ofRelease))
                .or(() -> KernelVersion.ofRelease(kernel.release()))
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED,
                        "kernel " + kernel.release() + ": its version is not known",
                        "name its sources by --sourcedir"));
    }

    /** Where releases and packages have a 0 for the sublevel, as Ubuntu's, only the headers say what it is. */
    private void requireVersion(Path tree, TargetKernel kernel) {
        KernelVersion there = KernelVersion.ofMakefile(Disk.text(tree.resolve("Makefile")))
                .orElseThrow(() -> new KpatchException(
                        Failure.REFUSED, tree + ": is no kernel source tree, as its Makefile has no version"));
        Optional<KernelVersion> wanted = kernel.version()
                .or(() -> debian.packageVersion(kernel)
                        .or(() -> Optional.of(kernel.release()))
                        .flatMap(KernelVersion::ofRelease)
                        .filter(version -> version.sublevel() > 0));
        if (wanted.isPresent() && !wanted.get().equals(there)) {
            throw new KpatchException(
                    Failure.REFUSED,
                    "the sources are those of kernel " + there + ", and " + kernel.release() + " is " + wanted.get(),
                    "take the sources that it was built of");
        }
    }
}
