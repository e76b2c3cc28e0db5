// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
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

    InstalledCopies(Host host) {
        this.host = host;
        this.all = new ArrayList<>();
        String version = host.kernel().version();
        List<String> onHold = host.db().records().onHold(version).fileNames();
        for (InstalledModule module : host.db().modules(version)) {
            all.add(new Installed(module, PatchFile.readable(module.file()), onHold.contains(module.fileName())));
        }
    }

    /** In version order. */
    List<Installed> all() {
        return all;
    }

    Optional<Installed> of(ModuleName name) {
        return all.stream().filter(installed -> installed.isNamed(name)).findFirst();
    }

    /** What is installed under the name of a module that is loaded. */
    InstalledCopy compare(ModuleName name, PatchInterface patches) {
        Optional<Identity> identity = of(name).flatMap(Installed::file).map(file -> new Identity(host, file, patches));
        if (identity.isEmpty()) {
            return InstalledCopy.NONE;
        }
        if (identity.get().difference().isPresent()) {
            return InstalledCopy.ANOTHER;
        }
        return identity.get().isKnown() ? InstalledCopy.SAME : InstalledCopy.UNKNOWN;
    }
}
