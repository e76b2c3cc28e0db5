// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.RunningKernel;
import io.github.kpatch.module.ModuleFile;
import java.util.Optional;

/** By what the administrator has told the kernel to take no module, or not this one. */
final class LoadingRules {
    private final RunningKernel kernel;

    LoadingRules(RunningKernel kernel) {
        this.kernel = kernel;
    }

    /** Refuses a module that the kernel would refuse for what is set, which takes a look at a few small files. */
    void require(ModuleFile file) {
        Optional<Sentence> refusal = forbids(file.module().name().toString());
        if (refusal.isEmpty() && file.module().signature().isEmpty()) {
            refusal = takesSignedOnly();
        }
        if (refusal.isPresent()) {
            throw new KpatchException(Failure.REFUSED, refusal.get().about(file.path()));
        }
    }

    /** Why the kernel neither loads nor removes a module of that name, in words. */
    Optional<Sentence> forbids(String module) {
        if (kernel.isModuleLoadingOff()) {
            return Optional.of(Sentence.of(
                    "kernel.modules_disabled is 1, which stays so until the next boot", "boot without that setting"));
        }
        return kernel.isBlacklisted(module)
                ? Optional.of(
                        Sentence.of("module_blacklist= on the kernel command line forbids it", "boot without that"))
                : Optional.empty();
    }

    /** Why the kernel takes signed modules only, in words; empty where it takes others, too. */
    Optional<Sentence> takesSignedOnly() {
        Optional<String> lockdown = kernel.lockdown();
        if (lockdown.isPresent()) {
            return Optional.of(Sentence.of(
                    "the kernel is locked down (" + lockdown.get() + ") and takes signed modules only", "sign it"));
        }
        return kernel.insistsOnSignature()
                ? Optional.of(Sentence.of("it is not signed, and this kernel insists on it", "sign it"))
                : Optional.empty();
    }
}
