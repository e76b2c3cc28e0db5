// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.module.Advisory;
import io.github.kpatch.module.Cve;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.store.InstalledModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is installed for the running kernel, to be held against what is loaded. */
final class InstalledCopies {
    private final Host host;
    private final List<Installed> all = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    /** A module in the install DB, and its content, where that can be read. */
    record Installed(InstalledModule module, Optional<ModuleFile> file, boolean onHold) {
        boolean isNamed(ModuleName name) {
            return file.filter(f -> f.module().name().equals(name)).isPresent();
        }
    }

    /**
     * What is installed under the name of a loaded module.
     *
     * @param copy whether it is what is loaded
     * @param fixes the known vulnerabilities that the loaded module fixes now: if it is enabled, by its copy, as the
     *     kernel does not keep that
     */
    record Match(Optional<Installed> installed, InstalledCopy copy, List<Cve> fixes) {
        Optional<PatchModule> module() {
            return installed.flatMap(Installed::file).map(ModuleFile::module);
        }
    }

    InstalledCopies(Host host) {
        this.host = host;
        String version = host.kernel().version();
        List<String> onHold = host.db().records().onHold(version).fileNames();
        for (InstalledModule module : host.db().modules(version)) {
            all.add(new Installed(module, read(module), onHold.contains(module.fileName())));
        }
    }

    private Optional<ModuleFile> read(InstalledModule module) {
        try {
            return Optional.of(host.files().read(module.file()));
        } catch (KpatchException e) {
            if (e.kind() == Failure.REFUSED) {
                unreadable.add(e.sentence() + ", so it is not known what it fixes");
            } else if (e.kind() != Failure.NO_SUCH_MODULE) { // which has just been uninstalled
                throw e;
            }
            return Optional.empty();
        }
    }

    /** In version order. */
    List<Installed> all() {
        return all;
    }

    /** Those in which there is no patch module to be read, as sentences. */
    List<String> unreadable() {
        return unreadable;
    }

    /** What is installed under the name of a module that is loaded. */
    Match match(LoadedPatch patch, PatchInterface patches) {
        Optional<Installed> installed =
                all.stream().filter(i -> i.isNamed(patch.name())).findFirst();
        Optional<Identity> identity = installed.flatMap(Installed::file).map(file -> new Identity(host, file, patches));
        InstalledCopy copy = identity.map(InstalledCopies::compare).orElse(InstalledCopy.NONE);
        boolean fixes = copy == InstalledCopy.SAME && patch.state() == PatchState.ENABLED;
        return new Match(installed, copy, fixes ? fixes(installed.orElseThrow()) : List.of());
    }

    private List<Cve> fixes(Installed installed) {
        ModuleFile file = installed.file().orElseThrow();
        return Advisory.of(file.module(), host.db().records().advisory(installed.module(), file))
                .cves();
    }

    private static InstalledCopy compare(Identity identity) {
        if (identity.difference().isPresent()) {
            return InstalledCopy.ANOTHER;
        }
        return identity.isKnown() ? InstalledCopy.SAME : InstalledCopy.UNKNOWN;
    }
}
