// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sources of Debian's and Ubuntu's kernels: the package {@code linux-source-6.1} puts an archive into
 * {@code /usr/src}. Where it is not installed it is fetched, and unpacked without being installed.
 */
public final class DebianSources {
    /** How a kernel of Debian's names its package's version: {@code ... Debian 6.1.192-2 (2026-11-16)}. */
    private static final Pattern IN_BANNER = Pattern.compile("Debian ([0-9][^ ]*) \\([0-9-]+\\)");

    private static final Pattern ARCHIVE = Pattern.compile("linux-source-[0-9.]+\\.tar\\.(?:xz|bz2|gz|zst)");

    private final Roots roots;
    private final Tools tools;
    private final Consumer<String> log;

    /**
     * Looks on one machine.
     *
     * @param log is told what the programs print
     */
    public DebianSources(Roots roots, Tools tools, Consumer<String> log) {
        this.roots = roots;
        this.tools = tools;
        this.log = log;
    }

    /** The version of the package that a kernel came in, if it is one of a package. */
    public Optional<String> packageVersion(TargetKernel kernel) {
        Optional<String> inBanner =
                kernel.banner().map(IN_BANNER::matcher).filter(Matcher::find).map(m -> m.group(1));
        return inBanner.isPresent()
                ? inBanner
                : installed("linux-image-" + kernel.release())
                        .or(() -> installed("linux-image-unsigned-" + kernel.release()))
                        .or(() -> installed("linux-headers-" + kernel.release()));
    }

    /**
     * The archive for a kernel's version: the installed one if it is of the package's version, else one that is fetched.
     *
     * @param wanted the package's version, if that is known
     * @param downloads where a package may be fetched to
     */
    public SourcePackage find(KernelVersion version, Optional<String> wanted, Path downloads) {
        for (Path archive : archives(version)) {
            Optional<String> there = installed(packageOf(archive));
            if (wanted.isEmpty() || there.isEmpty() || there.equals(wanted)) {
                return new SourcePackage(archive, there);
            }
        }
        return fetch(version, wanted, downloads);
    }

    private List<Path> archives(KernelVersion version) {
        Path src = roots.root().resolve("usr/src");
        List<Path> found = new ArrayList<>();
        for (String name : names(version)) {
            for (Path directory : List.of(src, src.resolve(name))) {
                Disk.entries(directory).stream()
                        .filter(entry -> packageOf(entry).equals(name)
                                && ARCHIVE.matcher(String.valueOf(entry.getFileName()))
                                        .matches())
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** Debian's has the series in its name, Ubuntu's all three numbers with a 0 for the last. */
    private static List<String> names(KernelVersion version) {
        return List.of("linux-source-" + version.series(), "linux-source-" + version.series() + ".0");
    }

    private static String packageOf(Path archive) {
        String name = String.valueOf(archive.getFileName());
        int end = name.indexOf(".tar.");
        return end < 0 ? name : name.substring(0, end);
    }

    private Optional<String> installed(String name) {
        if (tools.find("dpkg-query").isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        int status = tools.run(
                List.of("dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Version}\\n", name), roots.root(), lines::add);
        return lines.stream()
                .filter(line -> status == 0 && line.startsWith("ii "))
                .map(line -> line.substring(3).strip())
                .findFirst();
    }

    private SourcePackage fetch(KernelVersion version, Optional<String> wanted, Path downloads) {
        if (tools.find("apt-get").isEmpty() || tools.find("dpkg-deb").isEmpty()) {
            throw missing(version, wanted);
        }
        Disk.remove(downloads);
        Disk.makeDirectory(downloads);
        for (String name : names(version)) {
            String exact = name + wanted.map(v -> "=" + v).orElse("");
            if (tools.run(List.of("apt-get", "download", exact), downloads, log) == 0) {
                return unpacked(downloads, wanted).orElseThrow(() -> missing(version, wanted));
            }
        }
        throw missing(version, wanted);
    }

    private Optional<SourcePackage> unpacked(Path downloads, Optional<String> wanted) {
        for (Path file : Disk.entries(downloads)) {
            if (file.toString().endsWith(".deb")
                    && tools.run(List.of("dpkg-deb", "-x", file.toString(), "."), downloads, log) == 0) {
                Disk.remove(file);
            }
        }
        Path src = downloads.resolve("usr/src");
        List<Path> entries = new ArrayList<>(Disk.entries(src));
        Disk.entries(src).forEach(directory -> entries.addAll(Disk.entries(directory)));
        return entries.stream()
                .filter(entry ->
                        ARCHIVE.matcher(String.valueOf(entry.getFileName())).matches())
                .map(archive -> new SourcePackage(archive, wanted))
                .findFirst();
    }

    private static KpatchException missing(KernelVersion version, Optional<String> wanted) {
        String name = names(version).get(0);
        return new KpatchException(
                Failure.FAILED,
                "the sources of kernel " + wanted.orElse(version.toString())
                        + " are not here, and could not be fetched",
                "install " + name + wanted.map(v -> " of version " + v).orElse("")
                        + ", or name a directory by --sourcedir");
    }
}
