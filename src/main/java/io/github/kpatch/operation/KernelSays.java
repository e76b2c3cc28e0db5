// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Errno;
import io.github.kpatch.kernel.RunningKernel;
import io.github.kpatch.kernel.SystemCallException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What the kernel's errno means: one sentence with the cause and the next step, told apart by what the machine shows. */
final class KernelSays {
    private final RunningKernel kernel;

    KernelSays(RunningKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * An error of finit_module(2) or init_module(2).
     *
     * @param check looks for the cause where the errno leaves it open, among some subjects
     */
    KpatchException toLoad(
            String file,
            String module,
            SystemCallException e,
            Function<Set<String>, Optional<Finding>> check,
            List<String> log) {
        Sentence why = toLoad(module, e.errno());
        Set<String> open = leftOpen(e.errno());
        if (!open.isEmpty()) {
            why = check.apply(open)
                    .map(found -> found.sentence().about(found.subject()))
                    .orElse(why);
        }
        return refused(file, e, why, log);
    }

    /** What an errno may come of, as the check names it. */
    private static Set<String> leftOpen(Errno errno) {
        return switch (errno) {
            case ENOEXEC -> Set.of("machine", "kernel", "symbols", "livepatch");
            case ENOENT -> Set.of("symbols");
            case EINVAL -> Set.of("symbols", "references", "functions");
            case EBUSY -> Set.of("tracers");
            default -> Set.of();
        };
    }

    private Sentence toLoad(String module, Errno errno) {
        return switch (errno) {
            case EPERM -> forbidden(module);
            case EKEYREJECTED, ENOKEY ->
                Sentence.of("it is not signed with a key that this kernel trusts", "sign it, or enrol its key");
            case EBADMSG -> Sentence.of("its signature is malformed", "get it anew from where it came");
            case ENOPKG ->
                Sentence.of("its signature uses an algorithm that this kernel does not have", "sign it with another");
            case ENODATA -> Sentence.of("it is not signed, and this kernel insists on it", "sign it");
            case ENOEXEC ->
                Sentence.of(
                        "the kernel does not take it as a module for itself (its vermagic, or livepatch is not built"
                                + " in)",
                        "get the build for this kernel");
            case ENOENT ->
                Sentence.of(
                        "it needs a symbol that neither the kernel nor a loaded module has",
                        "load the module that has it, or get the build for this kernel");
            case EINVAL ->
                Sentence.of(
                        "the kernel finds it invalid: a function that it patches is not there or not unique, a symbol"
                                + " version or a livepatch state does not fit",
                        "get the build for this kernel");
            case EEXIST -> Sentence.of("a module of that name is in the kernel already", "unload that first");
            case EBUSY ->
                Sentence.of(
                        "the kernel is busy: another transition runs, or another tracer holds a function that it"
                                + " patches",
                        "'kpatch wait' waits for a transition, then try again");
            case ETXTBSY -> Sentence.of("the file is open for writing", "wait until it is written");
            case EACCES ->
                Sentence.of(
                        "a security module (SELinux or another) denies it", "'restorecon' gives the file its label");
            case EOPNOTSUPP -> Sentence.of("this kernel does not decompress modules", "decompress the file first");
            case EFBIG -> Sentence.of("the file is too big for the kernel", "get it anew from where it came");
            case EIO -> Sentence.of("the file could not be read", "check the disk");
            case ENOMEM -> Sentence.of("the kernel is out of memory", "free some and try again");
            case EINTR -> Sentence.of("it was interrupted", "try again");
            default -> Sentence.of("its initialisation failed", "the kernel log says more, and its vendor should know");
        };
    }

    /** An error of delete_module(2). */
    KpatchException toUnload(String module, SystemCallException e, List<String> log) {
        Sentence why = switch (e.errno()) {
            case EPERM -> forbidden(module);
            case EAGAIN ->
                Sentence.of(
                        "it is still in use (a forced transition makes that last until the next boot)",
                        "try again later");
            case EBUSY -> Sentence.of("it is still being loaded, or cannot be removed at all", "try again later");
            default -> Sentence.of("the kernel would not remove it", "the kernel log may say more");
        };
        return refused(module, e, why, log);
    }

    /** An error of a write to a sysfs attribute that switches a patch module. */
    KpatchException toSwitch(String module, SystemCallException e, List<String> log) {
        Sentence why = switch (e.errno()) {
            case EPERM, EACCES -> Sentence.of("the kernel does not permit it", "run kpatch as root");
            case EBUSY ->
                Sentence.of(
                        "the kernel is busy: another transition runs, or a patch module above this one must be"
                                + " unloaded first",
                        "'kpatch list' shows them");
            case EINVAL ->
                Sentence.of("the kernel does not allow that in the state it is in", "'kpatch list' shows it");
            case ENOENT, ENODEV -> Sentence.of("it went away meanwhile", "'kpatch list' shows what is loaded");
            default -> Sentence.of("the kernel would not switch it", "the kernel log may say more");
        };
        return refused(module, e, why, log);
    }

    private static KpatchException refused(String what, SystemCallException e, Sentence why, List<String> log) {
        return new KpatchException(
                Failure.KERNEL_REFUSED, why.about(what + ": the kernel refused it (" + e.errnoName() + ")"), log, e);
    }

    private Sentence forbidden(String module) {
        LoadingRules rules = new LoadingRules(kernel);
        return rules.forbids(module)
                .or(() -> kernel.lockdown().isPresent() ? rules.takesSignedOnly() : Optional.empty())
                .orElseGet(() -> Sentence.of("it is not permitted", "run kpatch as root, outside of a container"));
    }
}
