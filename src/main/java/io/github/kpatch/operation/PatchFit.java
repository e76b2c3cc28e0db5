// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.module.Design;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.PatchModule;
import java.util.Optional;

/** Patch modules held against a kernel, with the reason for a refusal put into a sentence. */
final class PatchFit {
    private PatchFit() {}

    /** Refuses a module for another architecture than the machine's. */
    static void requireArchitecture(ModuleFile file, Machine machine) {
        requireNone(otherArchitecture(file.module(), machine), file);
    }

    /** Refuses a module for another design than the kernel's. */
    static void requireDesign(ModuleFile file, PatchInterface patches) {
        requireNone(otherDesign(file.module(), patches), file);
    }

    private static void requireNone(Optional<Sentence> builtFor, ModuleFile file) {
        if (builtFor.isPresent()) {
            Sentence built = builtFor.get();
            throw new KpatchException(
                    Failure.REFUSED, new Sentence(file.path() + ": is " + built.message(), built.hint()));
        }
    }

    /** For which other architecture a module is built, in words. */
    static Optional<Sentence> otherArchitecture(PatchModule module, Machine machine) {
        String built = module.architecture();
        String running = machine.architecture();
        return built.equals(running)
                ? Optional.empty()
                : Optional.of(Sentence.of(
                        "built for " + built + ", and this machine is " + running, "get the build for this machine"));
    }

    /** For which other design a module is built than the kernel has, in words. */
    static Optional<Sentence> otherDesign(PatchModule module, PatchInterface patches) {
        boolean forCore = module.design() == Design.CORE;
        if (forCore == patches.isCore()) {
            return Optional.empty();
        }
        return Optional.of(Sentence.of(
                forCore
                        ? "built for the kpatch core module, and this kernel has livepatch"
                        : "built for livepatch, and this kernel has only the kpatch core module",
                "get the build for that"));
    }

    /**
     * Refuses a module for another kernel. The kernel itself may not: with CONFIG_MODVERSIONS it compares the flags of
     * vermagic, not its version.
     */
    static void requireKernel(ModuleFile file, String kernelVersion, String whose) {
        String built = kernelVersion(file.module());
        if (built.isEmpty()) {
            throw new KpatchException(
                    Failure.REFUSED,
                    file.path() + ": has no vermagic, so it is built for no kernel",
                    "get it anew from where it came");
        }
        if (!built.equals(kernelVersion)) {
            throw new KpatchException(
                    Failure.REFUSED,
                    file.path() + ": is built for kernel " + built + ", and " + whose + " kernel is " + kernelVersion,
                    "get the build for that kernel");
        }
    }

    /** The kernel that a module is built for: the first word of its vermagic, empty where it has none. */
    static String kernelVersion(PatchModule module) {
        return module.kernelRelease().orElse("");
    }
}
