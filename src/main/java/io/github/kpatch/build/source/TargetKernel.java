// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Roots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The kernel that is to be patched, as the files say that its packages put on this machine.
 *
 * @param release as {@code uname -r} says it
 * @param banner the line by which its image says what it is and how it was built, if that is known
 */
public record TargetKernel(Roots roots, String release, Optional<String> banner) {
    private static final String VERSION_HEADER = "include/generated/uapi/linux/version.h";
    private static final String COMPILE_HEADER = "include/generated/compile.h";

    /** The configuration; what the user names goes before what is found. */
    public Path config(Optional<Path> named, Optional<Path> inSources) {
        if (named.isPresent()) {
            return named.get();
        }
        List<Path> places = List.of(
                inSources.map(tree -> tree.resolve(".config")).orElse(boot()),
                boot(),
                roots.kernelModules(release).resolve("config"),
                roots.kernelModules(release).resolve("build/.config"),
                headers().resolve(".config"));
        return first(places)
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED,
                        "kernel " + release + ": its configuration is not in " + boot() + " and not with its headers",
                        "name it by --config"));
    }

    private Path boot() {
        return roots.boot().resolve("config-" + release);
    }

    /** The checksums of what the kernel exports. */
    public Path moduleSymvers() {
        return first(roots.symbolVersions(release))
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED,
                        "kernel " + release + ": there is no Module.symvers of it in "
                                + roots.symbolVersions(release).get(0),
                        "install its headers (linux-headers-" + release + ", or kernel-devel-" + release + ")"));
    }

    /** What is built against where no sources of the kernel itself are needed. */
    public Path headers() {
        Path build = roots.kernelModules(release).resolve("build");
        return Files.isDirectory(build) ? build : roots.root().resolve("usr/src/linux-headers-" + release);
    }

    /** The version that its sources have to be of, where that is known. */
    public Optional<KernelVersion> version() {
        Optional<KernelVersion> byHeaders =
                Disk.textIfThere(headers().resolve(VERSION_HEADER)).flatMap(KernelVersion::ofHeader);
        return byHeaders.isPresent()
                ? byHeaders
                : Disk.textIfThere(roots.root().resolve("usr/src/linux-headers-" + release + "/" + VERSION_HEADER))
                        .flatMap(KernelVersion::ofHeader);
    }

    /** How the headers say with what the kernel was compiled: the text of compile.h. */
    public Optional<String> compileHeader() {
        return Disk.textIfThere(headers().resolve(COMPILE_HEADER));
    }

    private static Optional<Path> first(List<Path> places) {
        return places.stream().filter(Files::isRegularFile).findFirst();
    }
}
