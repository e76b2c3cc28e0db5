// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.FunctionTracing;
import io.github.kpatch.kernel.KernelSymbols;
import io.github.kpatch.kernel.KernelSymbols.Found;
import io.github.kpatch.module.Design;
import io.github.kpatch.module.ImportsReader;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleImports;
import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.PatchedFunction;
import io.github.kpatch.module.PatchedObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds the symbols and functions that a patch module names against those of the running kernel. */
final class CheckSymbols {
    /** A module for another build of the kernel may lack hundreds. */
    private static final int MOST_NAMED = 5;

    private final Host host;
    private final KernelSymbols symbols;

    CheckSymbols(Host host) {
        this.host = host;
        this.symbols = new KernelSymbols(host.machine().roots());
    }

    List<Finding> check(ModuleFile file, String kernelVersion) {
        ModuleImports imports = imports(file);
        List<PatchedObject> objects = file.module().objects();
        Optional<Found> found = symbols.find(names(imports, objects));
        List<Finding> findings = new ArrayList<>();
        if (found.isEmpty()) {
            findings.add(Finding.skip("symbols", "this kernel does not show its symbols (/proc/kallsyms)"));
        } else {
            boolean comesWithCore = file.module().design() == Design.CORE
                    && host.patchInterface().isEmpty();
            findings.add(exports(imports, found.get(), kernelVersion, comesWithCore));
            findings.add(lookups(imports, found.get()));
        }
        if (objects.isEmpty()) {
            findings.add(Finding.skip("functions", "the file does not show what it patches"));
            return findings;
        }
        if (objects.stream().allMatch(object -> object.functions().isEmpty())) {
            findings.add(Finding.pass("functions", "none is patched; what it does, its callbacks do"));
        } else {
            found.ifPresent(symbols -> findings.add(functions(objects, symbols)));
            findings.add(traceable(objects, found));
        }
        findings.add(objects(objects));
        return findings;
    }

    private static ModuleImports imports(ModuleFile file) {
        try {
            return ImportsReader.read(file.content());
        } catch (NotAPatchModuleException e) {
            throw PatchFiles.noPatchModule(file.path(), e);
        }
    }

    private static Set<String> names(ModuleImports imports, List<PatchedObject> objects) {
        Set<String> names = new HashSet<>();
        imports.exported().forEach(symbol -> names.add(symbol.name()));
        imports.looked().forEach(symbol -> names.add(symbol.symbol().name()));
        for (PatchedObject object : objects) {
            object.functions().forEach(function -> names.add(function.name()));
        }
        return names;
    }

    /**
     * @param comesWithCore whether the kpatch core module, which is loaded first, will export what is its own
     */
    private Finding exports(ModuleImports imports, Found found, String kernelVersion, boolean comesWithCore) {
        Set<String> names = new HashSet<>();
        List<String> missing = new ArrayList<>();
        for (ModuleImports.Exported symbol : imports.exported()) {
            names.add(symbol.name());
            if (!symbol.weak()
                    && !found.mayBeUsed(symbol.name())
                    && !(comesWithCore && symbol.name().startsWith("kpatch_"))) {
                missing.add(symbol.name());
            }
        }
        if (!missing.isEmpty()) {
            return Finding.fail(
                    "symbols",
                    "needs what neither the kernel nor a loaded module exports: " + some(missing),
                    "load the module that does, or get the build for this kernel");
        }
        Map<String, Long> checksums = symbols.checksums(kernelVersion, names);
        List<String> changed = new ArrayList<>();
        int compared = 0;
        for (ModuleImports.Exported symbol : imports.exported()) {
            Long here = checksums.get(symbol.name());
            if (here != null && symbol.crc().isPresent()) {
                compared++;
                if (here != symbol.crc().getAsLong()) {
                    changed.add(symbol.name());
                }
            }
        }
        if (!changed.isEmpty()) {
            return Finding.fail(
                    "symbols",
                    "built against another version of " + some(changed)
                            + ", going by the Module.symvers of the installed"
                            + " headers",
                    "get the build for this very kernel");
        }
        return Finding.pass(
                "symbols",
                "all " + imports.exported().size() + " that it needs are exported"
                        + (compared > 0 ? ", " + compared + " of them compared by checksum" : ""));
    }

    private Finding lookups(ModuleImports imports, Found found) {
        List<String> missing = new ArrayList<>();
        int later = 0;
        for (ModuleImports.LookedUp wanted : imports.looked()) {
            if (isToCome(wanted.object())) {
                later++;
            } else {
                problem(wanted.object(), wanted.symbol(), found).ifPresent(missing::add);
            }
        }
        if (!missing.isEmpty()) {
            return Finding.fail(
                    "references", "refers to what is not in this kernel: " + some(missing), "get the build for it");
        }
        return Finding.pass(
                "references",
                imports.looked().isEmpty()
                        ? "none to symbols that are not exported"
                        : (imports.looked().size() - later) + " symbols that are not exported are all there"
                                + (later > 0 ? "; " + later + " are looked up when their modules come" : ""));
    }

    private Finding functions(List<PatchedObject> objects, Found found) {
        List<String> missing = new ArrayList<>();
        int there = 0;
        for (PatchedObject object : objects) {
            if (isToCome(object.name())) {
                continue;
            }
            for (PatchedFunction function : object.functions()) {
                there++;
                problem(object.name(), function, found).ifPresent(missing::add);
            }
        }
        if (!missing.isEmpty()) {
            return Finding.fail(
                    "functions", "patches what is not in this kernel: " + some(missing), "get the build for it");
        }
        return Finding.pass(
                "functions", there == 1 ? "the one that it patches is there" : "all " + there + " are there");
    }

    /** What the kernel would say to a symbol at its position (sympos, struct klp_func in include/linux/livepatch.h). */
    private static Optional<String> problem(String object, PatchedFunction symbol, Found found) {
        int count = found.count(object, symbol.name());
        String name = object + ": " + symbol.name();
        if (count == 0) {
            return Optional.of(name);
        }
        if (symbol.sympos() == 0 && count > 1) {
            return Optional.of(name + " (there are " + count + " of that name, and it does not say which)");
        }
        if (Long.compareUnsigned(symbol.sympos(), count) > 0) {
            return Optional.of(
                    name + " number " + Long.toUnsignedString(symbol.sympos()) + " (there are " + count + ")");
        }
        return Optional.empty();
    }

    /** What is not there at all is told elsewhere. */
    private Finding traceable(List<PatchedObject> objects, Optional<Found> found) {
        Optional<Set<String>> traceable = new FunctionTracing(host.machine().roots()).traceable();
        if (traceable.isEmpty()) {
            return Finding.skip(
                    "tracing", "which functions ftrace can redirect is shown to root only, where tracefs is mounted");
        }
        List<String> fixed = new ArrayList<>();
        for (PatchedObject object : objects) {
            if (!isToCome(object.name())) {
                for (PatchedFunction function : object.functions()) {
                    boolean isThere = found.isEmpty() || found.get().count(object.name(), function.name()) > 0;
                    if (isThere && !traceable.get().contains(object.name() + ' ' + function.name())) {
                        fixed.add(object.name() + ": " + function.name());
                    }
                }
            }
        }
        return fixed.isEmpty()
                ? Finding.pass("tracing", "ftrace can redirect what is there of them")
                : Finding.warn(
                        "tracing",
                        "ftrace does not list " + some(fixed) + ": it cannot redirect that (notrace, or inlined), or"
                                + " knows it by another name; loading will tell");
    }

    private Finding objects(List<PatchedObject> objects) {
        List<String> now = new ArrayList<>();
        List<String> later = new ArrayList<>();
        for (PatchedObject object : objects) {
            (isToCome(object.name()) ? later : now).add(object.name());
        }
        if (later.isEmpty()) {
            return Finding.pass("objects", "patched now: " + some(now));
        }
        return Finding.warn(
                "objects",
                (now.isEmpty() ? "nothing is patched now" : "patched now: " + some(now)) + "; when they are loaded: "
                        + some(later));
    }

    private boolean isToCome(String object) {
        return !object.equals(PatchedObject.KERNEL) && !host.modules().isThere(object);
    }

    private static String some(List<String> names) {
        List<String> shown = names.subList(0, Math.min(MOST_NAMED, names.size()));
        int more = names.size() - shown.size();
        return String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
    }
}
