// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.FunctionTracing;
import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.module.PatchedFunction;
import io.github.kpatch.module.PatchedObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds a patch module against what is at work in the kernel already: other patch modules, and other tracers. */
final class CheckStack {
    private final Host host;

    CheckStack(Host host) {
        this.host = host;
    }

    List<Finding> check(ModuleFile file) {
        Optional<PatchInterface> patches = host.patchInterface();
        Set<String> patched = new HashSet<>();
        List<Finding> findings = new ArrayList<>();
        if (patches.isPresent()) {
            findings.add(loaded(file, patches.get(), patched));
        }
        findings.add(tracersIfPermitted(file.module(), patched));
        return findings;
    }

    private Finding loaded(ModuleFile file, PatchInterface patches, Set<String> patched) {
        PatchModule module = file.module();
        List<String> others = new ArrayList<>();
        List<String> sharing = new ArrayList<>();
        boolean isLoaded = false;
        Set<String> ours = functions(module);
        for (LoadedPatch patch : patches.patches()) {
            Set<String> theirs = functions(patches.objects(patch.name()));
            patched.addAll(theirs);
            if (patch.name().equals(module.name())) {
                isLoaded = true;
                continue;
            }
            others.add(patch.name().toString());
            theirs.retainAll(ours);
            if (!theirs.isEmpty()) {
                sharing.add(patch.name() + " (" + theirs.size() + ")");
            }
        }
        Optional<Sentence> conflict = isLoaded ? new Identity(host, file, patches).conflict() : Optional.empty();
        if (conflict.isPresent()) {
            return Finding.fail("stack", conflict.get());
        }
        Optional<LoadedPatch> inTransition = patches.inTransition();
        if (inTransition.isPresent()) {
            return Finding.warn(
                    "stack",
                    "a transition of " + inTransition.get().name() + " is going on, and there can be one only;"
                            + " 'kpatch wait' waits for it");
        }
        return isLoaded
                ? Finding.warn("stack", "a module of that name is loaded already; 'kpatch info' shows it")
                : beside(others, sharing, module.replace());
    }

    private static Finding beside(List<String> others, List<String> sharing, Optional<Boolean> replace) {
        if (others.isEmpty()) {
            return Finding.pass("stack", "no other patch module is loaded");
        }
        String shared = sharing.isEmpty()
                ? ", and patches none of their functions"
                : ", and patches functions that these patch, too: " + String.join(", ", sharing);
        if (replace.equals(Optional.of(true))) {
            return Finding.pass("stack", "takes the place of " + String.join(", ", others) + " (replace)" + shared);
        }
        String what = replace.isEmpty() ? "stacks on or replaces, which the file does not show, " : "stacks on ";
        String sentence = what + String.join(", ", others) + shared;
        return sharing.isEmpty() ? Finding.pass("stack", sentence) : Finding.warn("stack", sentence);
    }

    private Finding tracersIfPermitted(PatchModule module, Set<String> patched) {
        try {
            return tracers(module, patched);
        } catch (KpatchException e) {
            if (e.kind() != Failure.NOT_PERMITTED) {
                throw e;
            }
            return Finding.skip("tracers", "who else traces functions is shown to root only");
        }
    }

    /** Of those who redirect a function there can be one; livepatch itself counts as one for all its modules. */
    private Finding tracers(PatchModule module, Set<String> patched) {
        FunctionTracing tracing = new FunctionTracing(host.machine().roots());
        Set<String> redirected = tracing.redirected();
        Set<String> probed = tracing.probed();
        List<String> conflicts = new ArrayList<>();
        List<String> probes = new ArrayList<>();
        for (String function : functions(module)) {
            if (redirected.contains(function) && !patched.contains(function)) {
                conflicts.add(function.replace(" ", ": "));
            } else if (probed.contains(function)) {
                probes.add(function.replace(" ", ": "));
            }
        }
        if (!conflicts.isEmpty()) {
            return Finding.fail(
                    "tracers",
                    "another tracer redirects " + String.join(", ", conflicts) + " already",
                    "end it (/sys/kernel/tracing/enabled_functions shows it)");
        }
        return probes.isEmpty()
                ? Finding.pass("tracers", "none is on these functions that would be in the way")
                : Finding.warn(
                        "tracers",
                        "kprobes on " + String.join(", ", probes) + " are no longer hit once these are patched, unless"
                                + " they are at their very beginning");
    }

    private static Set<String> functions(PatchModule module) {
        Set<String> functions = new HashSet<>();
        for (PatchedObject object : module.objects()) {
            add(object.name(), object.functions(), functions);
        }
        return functions;
    }

    private static Set<String> functions(List<LoadedObject> objects) {
        Set<String> functions = new HashSet<>();
        for (LoadedObject object : objects) {
            add(object.name(), object.functions(), functions);
        }
        return functions;
    }

    private static void add(String object, List<PatchedFunction> functions, Set<String> all) {
        for (PatchedFunction function : functions) {
            all.add(object + ' ' + function.name());
        }
    }
}
