// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.build.source.TargetKernel;
import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The compiler that a kernel was built with, and the one on this machine. A function that another compiler makes may
 * differ from the running one in anything: what it inlines, and which registers it leaves alone.
 */
public final class KernelCompiler {
    private final Tools tools;

    public KernelCompiler(Tools tools) {
        this.tools = tools;
    }

    /**
     * The compiler to use, by the name that the kernel's configuration has for it.
     *
     * @param vmlinux the kernel's uncompressed image, if the user named one
     * @param skip whether another version is only warned of
     * @throws KpatchException if it is not there, or another one is
     */
    public Compiler choose(
            TargetKernel kernel, KernelConfig config, Optional<Path> vmlinux, boolean skip, BuildProgress progress) {
        String line = config.value("CC_VERSION_TEXT").orElse("gcc");
        CompilerVersion wanted = wanted(kernel, vmlinux)
                .or(() -> config.value("CC_VERSION_TEXT").map(CompilerVersion::of))
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED,
                        "kernel " + kernel.release() + ": with which compiler it was built is said nowhere",
                        "name its image by --vmlinux"));
        Compiler there = find(line, wanted);
        if (there.version().equals(wanted)) {
            return there;
        }
        String difference = "the kernel was built by '" + wanted.text() + "', and " + there.program() + " is '"
                + there.version().text() + "'";
        if (!skip) {
            throw new KpatchException(
                    Failure.REFUSED,
                    difference,
                    wanted.advice() + " (--skip-compiler-check builds with what is here, and the"
                            + " patched kernel may crash)");
        }
        progress.warn(difference + "; the patched kernel may crash");
        return there;
    }

    private static Optional<CompilerVersion> wanted(TargetKernel kernel, Optional<Path> vmlinux) {
        return kernel.banner()
                .flatMap(CompilerVersion::ofBanner)
                .or(() -> kernel.compileHeader().flatMap(CompilerVersion::ofHeader))
                .or(() -> vmlinux.flatMap(KernelCompiler::inComment));
    }

    private static Optional<CompilerVersion> inComment(Path vmlinux) {
        try {
            ElfObject elf = ElfObject.parse(Disk.read(vmlinux));
            Optional<ElfSection> comment = elf.sectionNamed(".comment");
            return comment.isEmpty()
                    ? Optional.empty()
                    : CompilerVersion.ofComment(new String(elf.contentOf(comment.get()), StandardCharsets.ISO_8859_1));
        } catch (MalformedElfException e) {
            throw new KpatchException(Failure.REFUSED, vmlinux + ": is no vmlinux: " + e.getMessage(), e);
        }
    }

    private Compiler find(String line, CompilerVersion wanted) {
        String named = line.split(" ", 2)[0];
        Set<String> names = new LinkedHashSet<>(List.of(named, named.replaceFirst("^x86_64-[a-z-]*-(?=gcc)", "")));
        names.add(line.contains("clang") ? "clang" : "gcc");
        List<Compiler> there = new ArrayList<>();
        for (String name : names) {
            tools.find(name).flatMap(program -> version(name, program)).ifPresent(there::add);
        }
        return there.stream()
                .filter(compiler -> compiler.version().equals(wanted))
                .findFirst()
                .or(() -> there.stream().findFirst())
                .orElseThrow(() -> new KpatchException(
                        Failure.REFUSED,
                        "the kernel was built by '" + wanted.text() + "', and there is no " + named + " here",
                        wanted.advice()));
    }

    private Optional<Compiler> version(String name, Path program) {
        List<String> lines = new ArrayList<>();
        int status = tools.run(List.of(program.toString(), "--version"), Path.of("/"), lines::add);
        return status == 0 && !lines.isEmpty()
                ? Optional.of(new Compiler(name, CompilerVersion.of(lines.get(0))))
                : Optional.empty();
    }
}
