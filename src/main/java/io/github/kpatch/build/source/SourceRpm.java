// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A kernel's source RPM. Where rpmbuild is, it prepares the sources as the package's own spec says; else they are what
 * the archive in it has, with the distribution's one patch on top.
 */
public final class SourceRpm {
    private static final int BUILD_DEPTH = 3;

    private final Tools tools;
    private final Consumer<String> log;

    public SourceRpm(Tools tools, Consumer<String> log) {
        this.tools = tools;
        this.log = log;
    }

    /**
     * Unpacks it.
     *
     * @param work a directory for what is needed on the way, which is removed
     * @param tree where the sources come to lie
     */
    public void unpack(Path rpm, Path work, Path tree) {
        Disk.remove(work);
        Disk.makeDirectory(work.resolve("SOURCES"));
        open(rpm, work.resolve("SOURCES"));
        if (tools.find("rpmbuild").isPresent()) {
            prepare(rpm, work, tree);
        } else {
            unpackArchive(rpm, work.resolve("SOURCES"), tree);
        }
        Disk.remove(work);
    }

    private void open(Path rpm, Path sources) {
        String file = rpm.toAbsolutePath().toString();
        if (tools.find("bsdtar").isPresent()) {
            run(rpm, sources, List.of("bsdtar", "-xf", file));
        } else if (tools.find("rpm2cpio").isPresent() && tools.find("cpio").isPresent()) {
            run(rpm, sources, List.of("sh", "-c", "rpm2cpio \"$1\" | cpio -idm --quiet", "sh", file));
        } else {
            throw new KpatchException(
                    Failure.FAILED,
                    rpm + ": there is neither bsdtar nor rpm2cpio with cpio to unpack it",
                    "install one of them");
        }
    }

    private void prepare(Path rpm, Path work, Path tree) {
        Path spec = find(work.resolve("SOURCES"), ".spec")
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED, rpm + ": has no spec file", "is it the source RPM of a kernel?"));
        run(
                rpm,
                work,
                List.of(
                        "rpmbuild",
                        "-D",
                        "_topdir " + work,
                        "-D",
                        "_sourcedir " + work.resolve("SOURCES"),
                        "-bp",
                        "--nodeps",
                        "--target",
                        "x86_64",
                        spec.toString()));
        Path prepared = within(work.resolve("BUILD"), BUILD_DEPTH).orElseThrow(() -> noSources(rpm));
        Disk.remove(tree);
        Disk.with(tree, "cannot be put in place", () -> java.nio.file.Files.move(prepared, tree));
    }

    /** Newer versions of rpmbuild have one directory more around it. */
    private static Optional<Path> within(Path directory, int depth) {
        if (Disk.textIfThere(directory.resolve("Makefile"))
                .flatMap(KernelVersion::ofMakefile)
                .isPresent()) {
            return Optional.of(directory);
        }
        return depth == 0
                ? Optional.empty()
                : Disk.entries(directory).stream()
                        .flatMap(entry -> within(entry, depth - 1).stream())
                        .findFirst();
    }

    private void unpackArchive(Path rpm, Path sources, Path tree) {
        Path archive = Disk.entries(sources).stream()
                .filter(file -> String.valueOf(file.getFileName()).matches("linux-[0-9].*\\.tar\\.[a-z0-9]+"))
                .findFirst()
                .orElseThrow(() -> noSources(rpm));
        Disk.remove(tree);
        Disk.makeDirectory(tree);
        run(rpm, tree, List.of("tar", "-xf", archive.toString(), "--strip-components=1"));
        Optional<Path> patch = find(sources, "-redhat.patch");
        if (patch.isPresent() && Disk.read(patch.get()).length > 0) {
            run(rpm, tree, List.of("patch", "-p1", "--batch", "-i", patch.get().toString()));
        }
    }

    private static Optional<Path> find(Path directory, String ending) {
        return Disk.entries(directory).stream()
                .filter(file -> file.toString().endsWith(ending))
                .findFirst();
    }

    private void run(Path rpm, Path directory, List<String> command) {
        int status = tools.run(command, directory, log);
        if (status != 0) {
            throw new KpatchException(
                    Failure.FAILED,
                    rpm + ": cannot be unpacked: " + command.get(0) + " ended with status " + status,
                    "the log says why");
        }
    }

    private static KpatchException noSources(Path rpm) {
        return new KpatchException(
                Failure.FAILED, rpm + ": has no kernel sources", "is it the source RPM of a kernel?");
    }
}
