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
import io.github.kpatch.build.symbols.ParentSymbols;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Machine;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares objects of one kernel, with the symbols of what is on the machine. */
final class KernelDiffer implements ObjectDiffer {
    /** Below {@code /lib/modules/RELEASE}; what else is there leads to the kernel's sources (depmod.d(5)). */
    private static final List<String> MODULE_DIRECTORIES = List.of("updates", "extra", "kernel", "weak-updates");

    /** What is between their names, for an object that is linked into more than one module (scripts/Makefile.lib). */
    static final String SEVERAL = ":";

    private final Machine machine;
    private final KernelSymbolSource source;
    private final Differing kernel;
    private final Exports exports;

    /** Each is read when the first object of it is compared. */
    private final Map<String, ParentSymbols> parents = new HashMap<>();

    KernelDiffer(Machine machine, Differing kernel) {
        this.machine = machine;
        this.source = new KernelSymbolSource(machine.roots(), machine.zstd());
        this.kernel = kernel;
        this.exports = Exports.read(kernel.symvers());
    }

    @Override
    public Difference difference(Pair pair) {
        if (pair.parent().contains(SEVERAL)) {
            throw new KpatchException(
                    Failure.REFUSED,
                    pair.path() + ": is part of several modules ("
                            + pair.parent().replace(SEVERAL, ", ") + "), and only what is part of one can be patched");
        }
        RelocatableObject original = object(pair.original());
        ParentSymbols symbols = parents.computeIfAbsent(pair.parent(), this::symbolsOf);
        Parent parent = new Parent(pair.parent(), SymbolPlaces.of(original, symbols), exports);
        return ObjectDiff.of(original, object(pair.patched()), parent, new X86(Map.of()));
    }

    static RelocatableObject object(Path file) {
        try {
            RelocatableObject object = RelocatableObject.parse(Disk.read(file));
            if (object.symbols().isEmpty() && object.sections().stream().anyMatch(Section::isExecutable)) {
                throw new KpatchException(
                        Failure.REFUSED, file + ": has no symbols, by which functions are told apart");
            }
            return object;
        } catch (MalformedElfException e) {
            throw new KpatchException(Failure.FAILED, file + ": " + e.getMessage(), e);
        }
    }

    private ParentSymbols symbolsOf(String parent) {
        return parent.equals(Parent.KERNEL) ? kernelSymbols() : moduleSymbols(parent);
    }

    private ParentSymbols kernelSymbols() {
        BuildRequest.Kernel named = kernel.request().kernel();
        return named.symbols()
                .or(named::vmlinux)
                .map(source::in)
                .orElseGet(() -> source.of(
                        kernel.release(), kernel.banner().map(Banner::new).flatMap(Banner::version)))
                .symbols();
    }

    /** The module from outside of the kernel's tree that is patched, or one of the kernel's. */
    private ParentSymbols moduleSymbols(String module) {
        return source.ofModule(kernel.request()
                .outOfTree()
                .map(BuildRequest.OutOfTree::module)
                .filter(file -> Exports.moduleName(file.toString()).equals(module))
                .orElseGet(() -> moduleFile(module)));
    }

    private Path moduleFile(String module) {
        Path directory = machine.roots().kernelModules(kernel.release());
        return MODULE_DIRECTORIES.stream()
                .flatMap(name -> find(directory.resolve(name), module).stream())
                .findFirst()
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED,
                        "module " + module + " is not below " + directory + ", and its symbols are needed",
                        "install the modules of kernel " + kernel.release()));
    }

    private static Optional<Path> find(Path directory, String module) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        return Disk.with(directory, "cannot be read", () -> {
            try (Stream<Path> files = Files.walk(directory.toRealPath())) {
                return files.filter(file -> file.getFileName().toString().contains(".ko"))
                        .filter(file -> Exports.moduleName(file.toString()).equals(module))
                        .findFirst();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
    }
}
