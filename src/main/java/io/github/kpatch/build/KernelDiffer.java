// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.BuildParts.Differing;
import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.diff.ObjectDiff;
import io.github.kpatch.build.diff.Parent;
import io.github.kpatch.build.diff.x86.X86;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.symbols.Banner;
import io.github.kpatch.build.symbols.KernelSymbolSource;
import io.github.kpatch.build.symbols.NoSymbolsException;
import io.github.kpatch.build.symbols.ParentSymbols;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.Unpacking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares objects of one kernel, with the symbols of what is on the machine. */
final class KernelDiffer implements ObjectDiffer {
    private final Machine machine;
    private final Differing kernel;
    private final Exports exports;

    /** Each is read when the first object of it is compared. */
    private final Map<String, ParentSymbols> parents = new HashMap<>();

    KernelDiffer(Machine machine, Differing kernel) {
        this.machine = machine;
        this.kernel = kernel;
        this.exports = Exports.read(kernel.symvers());
    }

    @Override
    public Difference difference(Pair pair) {
        RelocatableObject original = object(pair.original());
        ParentSymbols symbols = parents.computeIfAbsent(pair.parent(), this::symbolsOf);
        Parent parent = new Parent(pair.parent(), SymbolPlaces.of(original, symbols), exports);
        return ObjectDiff.of(original, object(pair.patched()), parent, new X86(Map.of()));
    }

    static RelocatableObject object(Path file) {
        try {
            return RelocatableObject.parse(Disk.read(file));
        } catch (MalformedElfException e) {
            throw new KpatchException(Failure.FAILED, file + ": " + e.getMessage(), e);
        }
    }

    private ParentSymbols symbolsOf(String parent) {
        return parent.equals(Parent.KERNEL) ? kernelSymbols() : moduleSymbols(parent);
    }

    private ParentSymbols kernelSymbols() {
        KernelSymbolSource source = new KernelSymbolSource(machine.roots(), machine.zstd());
        Optional<Path> named =
                kernel.kernel().symbols().or(() -> kernel.kernel().vmlinux());
        return named.map(source::in)
                .orElseGet(() -> source.of(
                        kernel.release(), kernel.banner().map(Banner::new).flatMap(Banner::version)))
                .symbols();
    }

    private ParentSymbols moduleSymbols(String module) {
        Path file = moduleFile(module);
        try {
            return ParentSymbols.ofModule(Unpacking.unpack(Disk.read(file), machine.zstd()));
        } catch (NoSymbolsException | NotAPatchModuleException e) {
            throw new KpatchException(Failure.FAILED, file + ": " + e.getMessage(), e);
        }
    }

    private Path moduleFile(String module) {
        Path directory = machine.roots().kernelModules(kernel.release());
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(".ko"))
                    .filter(file -> Exports.moduleName(file.toString()).equals(module))
                    .findFirst()
                    .orElseThrow(() -> new KpatchException(
                            Failure.FAILED,
                            "module " + module + " is not below " + directory
                                    + ", and its symbols are needed; install the modules of kernel "
                                    + kernel.release()));
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new KpatchException(Failure.FAILED, directory + ": cannot be read; is the kernel installed?", e);
        }
    }
}
