// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.PatchInterface;
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
    private final List<Installed> all;

    /** A module in the install DB, and its content, where that can be read. */
    record Installed(InstalledModule module, Optional<ModuleFile> file, boolean onHold) {
        boolean isNamed(ModuleName name) {
            return file.filter(f -> f.module().name().equals(name)).isPresent();
        }
    }

    /** What is installed under a name, and whether it is what is loaded. */
    record Match(Optional<Installed> installed, InstalledCopy copy, Optional<Advisory> beside) {
        Optional<PatchModule> module() {
            return installed.flatMap(Installed::file).map(ModuleFile::module);
        }

        /** What the loaded module fixes, by its copy: the kernel does not keep that. */
        List<Cve> fixes() {
            return copy == InstalledCopy.SAME
                    ? Advisory.of(module().orElseThrow(), beside).cves()
                    : List.of();
        }
    }

    InstalledCopies(Host host) {
        this.host = host;
        this.all = new ArrayList<>();
        String version = host.kernel().version();
        List<String> onHold = host.db().records().onHold(version).fileNames();
        for (InstalledModule module : host.db().modules(version)) {
            all.add(new Installed(module, host.files().readable(module.file()), onHold.contains(module.fileName())));
        }
    }

    /** In version order. */
    List<Installed> all() {
        return all;
    }

    /** What is installed under the name of a module that is loaded. */
    Match match(ModuleName name, PatchInterface patches) {
        Optional<Installed> installed =
                all.stream().filter(i -> i.isNamed(name)).findFirst();
        Optional<Identity> identity = installed.flatMap(Installed::file).map(file -> new Identity(host, file, patches));
        return new Match(
                installed,
                identity.map(InstalledCopies::compare).orElse(InstalledCopy.NONE),
                installed.flatMap(this::beside));
    }

    private Optional<Advisory> beside(Installed installed) {
        return installed.file().flatMap(file -> host.db().records().advisory(installed.module(), file.content()));
    }

    private static InstalledCopy compare(Identity identity) {
        if (identity.difference().isPresent()) {
            return InstalledCopy.ANOTHER;
        }
        return identity.isKnown() ? InstalledCopy.SAME : InstalledCopy.UNKNOWN;
    }
}
