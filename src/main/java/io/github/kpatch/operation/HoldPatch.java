// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import io.github.kpatch.store.MarkedModules;
import java.util.Optional;

/** Keeps an installed patch module from being loaded at boot, or ends that; what is loaded stays loaded. */
public final class HoldPatch {
    private final Host host;
    private final Progress progress;

    public HoldPatch(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /**
     * Puts a module on hold, or takes it off.
     *
     * @param kernelVersion the kernel it is installed for; by default the running one
     */
    public void set(boolean hold, String name, Optional<String> kernelVersion) {
        ModuleLookup.requireName(name, hold ? "hold" : "unhold");
        ModuleLookup lookup = new ModuleLookup(
                host, host.db(), kernelVersion.orElseGet(() -> host.kernel().version()));
        find(name, lookup); // first, as the lock makes the DB where there is none
        try (Lock lock = host.lockDb(host.db(), progress)) {
            InstalledModule module = find(name, lookup);
            if (mark(module, hold)) {
                new Audit(host, progress)
                        .done(Change.of(
                                hold ? Change.Action.HOLD : Change.Action.UNHOLD,
                                module.name(),
                                module.kernelVersion()));
            }
            // also when it was so before: that may have been cut off
            if (host.db().records().isEarly(module)) {
                new EarlyBoot(host, progress)
                        .makeInitramfs(
                                module.kernelVersion(),
                                module.name()
                                        + (hold
                                                ? " is on hold, but still in the initramfs, from which it is loaded at boot"
                                                : " is not on hold, but not yet in the initramfs"));
            }
            progress.note(module.name()
                    + (hold ? " is on hold, and not loaded at boot of kernel " : " is not on hold for kernel ")
                    + module.kernelVersion());
        }
    }

    /** Marks every file of that name: a package may have left one in another spelling. Whether that changed anything. */
    private boolean mark(InstalledModule module, boolean hold) {
        MarkedModules onHold = host.db().records().onHold(module.kernelVersion());
        boolean changed = false;
        for (InstalledModule file : host.db().modules(module.kernelVersion())) {
            if (file.name().equals(module.name())) {
                changed |= hold ? onHold.add(file.fileName()) : onHold.remove(file.fileName());
            }
        }
        return changed;
    }

    private static InstalledModule find(String name, ModuleLookup lookup) {
        return lookup.installed(name).orElseThrow(() -> lookup.notInstalled(name));
    }
}
