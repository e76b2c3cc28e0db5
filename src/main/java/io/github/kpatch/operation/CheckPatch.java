// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.RunningKernel;
import io.github.kpatch.module.Design;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleSignature;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.module.Vermagic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells what would become of loading a patch module, without touching the kernel. */
public final class CheckPatch {
    private final Host host;

    public CheckPatch(Host host) {
        this.host = host;
    }

    /**
     * What was found.
     *
     * @param file the module
     * @param kernelVersion the running kernel's
     * @param findings one for each subject, in the order in which a kernel would come to them
     */
    public record Report(ModuleFile file, String kernelVersion, List<Finding> findings) {
        public Report {
            findings = List.copyOf(findings);
        }

        /** Those that came out that way. */
        public List<Finding> findings(Finding.Verdict verdict) {
            return findings.stream()
                    .filter(finding -> finding.verdict() == verdict)
                    .toList();
        }

        /**
         * Fails if one of the findings did.
         *
         * @param hint where the user has them
         */
        public void requireNoFailure(String hint) {
            List<String> failed = findings(Finding.Verdict.FAIL).stream()
                    .map(Finding::subject)
                    .toList();
            if (!failed.isEmpty()) {
                throw new KpatchException(
                        Failure.REFUSED,
                        file.path() + ": cannot be loaded into this kernel (" + String.join(", ", failed) + ")",
                        hint);
            }
        }
    }

    /** Checks the patch module that an argument means: a file, or one that is installed for the running kernel. */
    public Report check(String argument) {
        String version = host.kernel().version();
        ModuleLookup lookup = new ModuleLookup(host, host.db(), version);
        Path path = lookup.file(argument).orElseThrow(() -> lookup.noSuchModule(argument));
        return check(host.files().read(path), version);
    }

    /** What keeps a module from being loaded, among some subjects, once the kernel has refused it; empty if that does not show. */
    Optional<Finding> failure(ModuleFile file, Set<String> subjects) {
        try {
            return check(file, host.kernel().version()).findings(Finding.Verdict.FAIL).stream()
                    .filter(finding -> subjects.contains(finding.subject()))
                    .findFirst();
        } catch (KpatchException e) {
            return Optional.empty(); // what the kernel said is to be told, and not that this could not be found out
        }
    }

    private Report check(ModuleFile file, String version) {
        List<Finding> findings = new ArrayList<>();
        findings.add(machine(file.module()));
        findings.add(kernel(file.module(), version));
        findings.add(signature(file.module()));
        findings.add(livepatch(file.module()));
        findings.add(loading(file.module()));
        findings.addAll(new CheckSymbols(host).check(file, version));
        findings.addAll(new CheckStack(host).check(file));
        return new Report(file, version, findings);
    }

    private Finding machine(PatchModule module) {
        return PatchFit.otherArchitecture(module, host.machine())
                .map(other -> Finding.fail("machine", other))
                .orElseGet(() -> Finding.pass("machine", "built for " + module.architecture()));
    }

    /** The kernel itself lets another version pass if symbol versions fit; kpatch does not. */
    private Finding kernel(PatchModule module, String version) {
        Vermagic built = Vermagic.parse(module.vermagic().orElse(""));
        if (!built.release().equals(version)) {
            return Finding.fail(
                    "kernel",
                    (built.release().isEmpty() ? "built for no kernel (no vermagic)" : "built for " + built.release())
                            + ", and the running kernel is " + version,
                    "get the build for that kernel");
        }
        Optional<Vermagic> wanted = host.kernel().vermagic();
        if (wanted.isEmpty()) {
            return Finding.pass("kernel", "built for " + version + "; what else vermagic has could not be compared");
        }
        List<String> tooMuch = built.propertiesNotIn(wanted.get());
        List<String> missing = wanted.get().propertiesNotIn(built);
        if (tooMuch.isEmpty() && missing.isEmpty()) {
            return Finding.pass(
                    "kernel", "built for " + module.vermagic().orElse("").strip());
        }
        return Finding.fail(
                "kernel",
                "built for another configuration of " + version + ":"
                        + (missing.isEmpty() ? "" : " without " + String.join(", ", missing))
                        + (tooMuch.isEmpty() ? "" : " with " + String.join(", ", tooMuch)),
                "get the build for this one");
    }

    private Finding signature(PatchModule module) {
        boolean insists = new LoadingRules(host.kernel()).takesSignedOnly().isPresent();
        Optional<ModuleSignature> signature = module.signature();
        if (signature.isEmpty()) {
            return insists
                    ? Finding.fail("signature", "none, and this kernel insists on one", "sign the module")
                    : Finding.warn("signature", "none; this kernel loads it all the same, and is tainted by it (E)");
        }
        if (signature.get() instanceof ModuleSignature.Signed signed) {
            return Finding.pass(
                    "signature",
                    "by " + signed.signer() + ", key " + signed.key()
                            + "; whether the kernel trusts it shows when it is loaded"
                            + (insists ? "" : ", and is no condition here"));
        }
        return Finding.fail("signature", "malformed", "get the module anew from where it came");
    }

    private Finding livepatch(PatchModule module) {
        boolean forCore = module.design() == Design.CORE;
        Optional<PatchInterface> patches = host.patchInterface();
        if (patches.isEmpty()) {
            return forCore
                    ? Finding.pass("livepatch", "for the kpatch core module, which is loaded first")
                    : Finding.fail("livepatch", "this kernel has no livepatch", "boot one that has (CONFIG_LIVEPATCH)");
        }
        Optional<Sentence> other = PatchFit.otherDesign(module, patches.get());
        if (other.isPresent()) {
            return Finding.fail("livepatch", other.get());
        }
        if (host.kernel().isFtraceOff()) {
            return Finding.fail(
                    "livepatch",
                    "nothing would be patched, as kernel.ftrace_enabled is 0",
                    "run 'sysctl kernel.ftrace_enabled=1'");
        }
        return Finding.pass("livepatch", forCore ? "by the kpatch core module" : "the kernel has it, and ftrace is on");
    }

    private Finding loading(PatchModule module) {
        RunningKernel kernel = host.kernel();
        Optional<Sentence> forbidden =
                new LoadingRules(kernel).forbids(module.name().toString());
        if (forbidden.isPresent()) {
            return Finding.fail("loading", forbidden.get());
        }
        return kernel.mayChangeModules()
                ? Finding.pass("loading", "modules can be loaded")
                : Finding.warn("loading", "modules can be loaded, but not by this user");
    }
}
