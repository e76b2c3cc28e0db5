// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.KernelsOnDisk;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.module.VersionOrder;
import io.github.kpatch.operation.InstalledCopies.Installed;
import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes from the install DB what has had its day: modules of kernels that are gone, and those whose place one has
 * taken that is in effect, will be again after a boot, and has been through a boot if it was ever on trial.
 */
public final class PrunePatches {
    private static final VersionOrder ORDER = new VersionOrder();

    private final Host host;
    private final Progress progress;

    public PrunePatches(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /**
     * A module that can go.
     *
     * @param newer the module that has taken its place; empty if its kernel is gone
     */
    public record Candidate(InstalledModule module, Optional<ModuleName> newer) {
        public String why() {
            return newer.map(name -> name + " has taken its place").orElse("its kernel is gone");
        }
    }

    /** What can go, by kernel and name. */
    public List<Candidate> find() {
        List<Candidate> candidates = new ArrayList<>(ofGoneKernels());
        candidates.addAll(replaced());
        return candidates;
    }

    /** Removes what can go, goes on past what fails, and fails at the end if something did. */
    public void prune() {
        List<String> failed = new ArrayList<>();
        List<Candidate> candidates;
        try (Lock lock = host.lockDb(host.db(), progress)) {
            candidates = find(); // once nobody else changes it
            UninstallPatch uninstall = new UninstallPatch(host, progress);
            for (Candidate candidate : candidates) {
                try {
                    if (candidate.newer().isPresent()) {
                        uninstall.uninstall(candidate.module());
                    } else {
                        uninstall.uninstallOnly(candidate.module()); // no kernel, no initramfs
                    }
                } catch (KpatchException e) {
                    progress.failed(e);
                    failed.add(candidate.module().fileName());
                }
            }
        }
        Summary.failIfAny(failed, candidates.size(), "uninstalled", progress);
    }

    private List<Candidate> ofGoneKernels() {
        KernelsOnDisk kernels =
                new KernelsOnDisk(host.machine().roots(), host.kernel().version());
        List<Candidate> candidates = new ArrayList<>();
        for (String version : host.db().kernelVersions()) {
            boolean isToCome = ORDER.compare(version, host.kernel().version()) > 0;
            List<InstalledModule> modules =
                    isToCome || kernels.has(version) ? List.of() : host.db().modules(version);
            for (InstalledModule module : modules) {
                if (!kernels.areAllSeen()) {
                    progress.note("whether kernel " + version + " is gone cannot be told here, as this machine may boot"
                            + " other roots; 'kpatch uninstall -k " + version
                            + " NAME' removes what is installed for it");
                    break;
                }
                if (!Files.isSymbolicLink(module.directory())) { // a link is somebody's own arrangement
                    candidates.add(new Candidate(module, Optional.empty()));
                }
            }
        }
        return candidates;
    }

    private List<Candidate> replaced() {
        Optional<PatchInterface> patches = host.patchInterface();
        List<Candidate> candidates = new ArrayList<>();
        if (patches.isEmpty() || patches.get().inTransition().isPresent()) {
            return candidates;
        }
        InstalledCopies installed = new InstalledCopies(host);
        List<Installed> all = installed.all();
        List<Optional<PatchModule>> contents = new ArrayList<>();
        all.forEach(module -> contents.add(module.file().map(ModuleFile::module)));
        for (int i = 0; i < all.size(); i++) {
            Optional<ModuleName> newer = Superseded.by(patches, contents.subList(i, contents.size()));
            if (newer.isPresent() && !all.get(i).onHold() && isThereToStay(newer.get(), installed, patches.get())) {
                candidates.add(new Candidate(all.get(i).module(), newer));
            }
        }
        return candidates;
    }

    /** Whether a loaded module is enabled, and the next boot will load the very same one. */
    private boolean isThereToStay(ModuleName name, InstalledCopies installed, PatchInterface patches) {
        LoadedPatch patch = patches.patch(name).orElseThrow();
        InstalledCopies.Match match = installed.match(patch, patches);
        if (match.copy() != InstalledCopy.SAME || patch.state() != PatchState.ENABLED) {
            return false;
        }
        Installed copy = match.installed().orElseThrow();
        return !copy.onHold() && !BootGuard.of(host).isOnTrial(copy.module()) && isUnchanged(copy.module());
    }

    private boolean isUnchanged(InstalledModule module) {
        try {
            VerifyModules.requireUnchanged(host.db(), module);
            return true;
        } catch (KpatchException e) {
            if (e.kind() != Failure.REFUSED) {
                throw e;
            }
            progress.note(e.sentence());
            return false;
        }
    }
}
