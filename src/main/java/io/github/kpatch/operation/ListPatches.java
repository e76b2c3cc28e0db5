// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.StalledTask;
import io.github.kpatch.module.Cve;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.module.PatchedFunction;
import io.github.kpatch.module.VersionOrder;
import io.github.kpatch.store.InstalledModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is loaded, what is installed, and what is patched by it now. */
public final class ListPatches {
    private static final VersionOrder ORDER = new VersionOrder();

    private final Host host;

    public ListPatches(Host host) {
        this.host = host;
    }

    /**
     * A function that is patched now.
     *
     * @param object the object it belongs to
     * @param function the function
     * @param inEffect the patch module whose version of it runs
     */
    public record Patched(String object, PatchedFunction function, ModuleName inEffect) {}

    /**
     * The whole.
     *
     * @param loaded the loaded patch modules, by name
     * @param installed the installed ones, by kernel and name
     * @param functions every function that is patched now, where that was asked for
     * @param fixes every known vulnerability that is fixed now, where that was asked for
     * @param unswitched the tasks that have yet to switch in the running transition, where this user may know
     * @param heldBack what the boot guard holds back, as sentences
     * @param unreadable installed modules of which it is not known what they fix, as sentences, where that was asked for
     */
    public record Listing(
            List<LoadedPatch> loaded,
            List<InstalledModule> installed,
            Optional<List<Patched>> functions,
            Optional<List<Fix>> fixes,
            List<StalledTask> unswitched,
            List<String> heldBack,
            List<String> unreadable) {}

    /** What this machine has. */
    public Listing read(boolean withFunctions, boolean withFixes) {
        List<LoadedPatch> loaded = loaded();
        Optional<InstalledCopies> copies = withFixes ? Optional.of(new InstalledCopies(host)) : Optional.empty();
        return new Listing(
                loaded,
                host.db().modules(),
                withFunctions ? Optional.of(functions()) : Optional.empty(),
                copies.map(this::fixes),
                unswitched(loaded),
                BootGuard.heldHere(host),
                copies.map(InstalledCopies::unreadable).orElse(List.of()));
    }

    /** What is installed under another root, where nothing is loaded. */
    public Listing readUnder(Path root, boolean withFunctions, boolean withFixes) {
        return new Listing(
                List.of(),
                host.dbUnder(root).modules(),
                withFunctions ? Optional.of(List.of()) : Optional.empty(),
                withFixes ? Optional.of(List.of()) : Optional.empty(),
                List.of(),
                List.of(),
                List.of());
    }

    private List<LoadedPatch> loaded() {
        List<LoadedPatch> loaded = new ArrayList<>(
                host.patchInterface().map(PatchInterface::patches).orElse(List.of()));
        loaded.sort((a, b) -> ORDER.compare(a.name().toString(), b.name().toString()));
        return loaded;
    }

    /** Every function that is patched now, once, with the module in effect: the uppermost one that is enabled. */
    private List<Patched> functions() {
        List<Patched> functions = new ArrayList<>();
        Optional<PatchInterface> patches = host.patchInterface();
        if (patches.isEmpty()) {
            return functions;
        }
        Set<String> seen = new HashSet<>();
        for (LoadedPatch patch :
                PatchStack.topDown(patches.get(), host.modules().all())) {
            if (patch.state() == PatchState.DISABLED) {
                continue;
            }
            for (LoadedObject object : patches.get().objects(patch.name())) {
                for (PatchedFunction function : object.functions()) {
                    if (host.isPatched(object)
                            && seen.add(object.name() + '/' + function.name() + ',' + function.sympos())) {
                        functions.add(new Patched(object.name(), function, patch.name()));
                    }
                }
            }
        }
        functions.sort((a, b) -> {
            int byObject = ORDER.compare(a.object(), b.object());
            int byName = byObject != 0
                    ? byObject
                    : ORDER.compare(a.function().name(), b.function().name());
            return byName != 0
                    ? byName
                    : Long.compareUnsigned(a.function().sympos(), b.function().sympos());
        });
        return functions;
    }

    /**
     * A known vulnerability that is fixed now.
     *
     * @param by the patch module that says so
     */
    public record Fix(Cve cve, ModuleName by) {}

    /**
     * What the enabled patch modules fix, by their copies in the install DB. What is not installed, or not seen to be
     * the same, counts for nothing.
     */
    private List<Fix> fixes(InstalledCopies installed) {
        List<Fix> fixes = new ArrayList<>();
        Optional<PatchInterface> patches = host.patchInterface();
        if (patches.isPresent()) {
            for (LoadedPatch patch : loaded()) {
                for (Cve cve : installed.match(patch, patches.get()).fixes()) {
                    fixes.add(new Fix(cve, patch.name()));
                }
            }
        }
        fixes.sort(Comparator.comparing(Fix::cve));
        return fixes;
    }

    /** The tasks that have yet to switch in the transition of one of these, where this user may know. */
    private List<StalledTask> unswitched(List<LoadedPatch> loaded) {
        for (LoadedPatch patch : loaded) {
            if (patch.state().inTransition() && host.machine().userId() == 0) {
                return host.tasks().stalled(patch.state() == PatchState.ENABLING);
            }
        }
        return List.of();
    }
}
