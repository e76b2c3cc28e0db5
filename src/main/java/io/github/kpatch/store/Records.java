// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import io.github.kpatch.module.Advisory;
import io.github.kpatch.module.ModuleFile;
import java.nio.file.Path;
import java.util.Optional;

/** What an install DB remembers of its modules, in {@code DB/.kpatch}, hidden from those who list the DB. */
public final class Records {
    private final Path directory;

    Records(Path directory) {
        this.directory = directory;
    }

    /** What is remembered of the modules for one kernel from boot to boot. */
    public BootRecords bootRecords(String kernelVersion) {
        return new BootRecords(guard().resolve(kernelVersion));
    }

    /** Whether there may be boot records, for those who would rather not look further. */
    public boolean hasBootRecords() {
        return Names.isDirectory(guard());
    }

    private Path guard() {
        return directory.resolve("guard");
    }

    /** Which modules for one kernel are loaded from its initramfs. */
    public MarkedModules early(String kernelVersion) {
        return new MarkedModules(directory.resolve("early"), kernelVersion);
    }

    /** Which modules for one kernel are not loaded at boot, as the administrator wants it. */
    public MarkedModules onHold(String kernelVersion) {
        return new MarkedModules(directory.resolve("hold"), kernelVersion);
    }

    /** What the modules for one kernel were when they were installed. */
    public Fingerprints fingerprints(String kernelVersion) {
        return new Fingerprints(fingerprints().resolve(kernelVersion));
    }

    /** Where there is a directory for each kernel of whose modules it is on record what they were. */
    Path fingerprints() {
        return directory.resolve("sha256");
    }

    /** What lay beside the modules for one kernel and says what they fix. */
    public Advisories advisories(String kernelVersion) {
        return new Advisories(directory.resolve("advisory").resolve(kernelVersion));
    }

    /** What one of them fixes, by what lay beside it when it was this content. */
    public Optional<Advisory> advisory(InstalledModule module, ModuleFile content) {
        return advisories(module.kernelVersion()).find(module.fileName(), content::sha256);
    }

    /** What was done on this machine. */
    public History history() {
        return new History(directory.resolve("history"));
    }

    public boolean isEarly(InstalledModule module) {
        return early(module.kernelVersion()).contains(module.fileName());
    }

    public boolean isOnHold(InstalledModule module) {
        return onHold(module.kernelVersion()).contains(module.fileName());
    }
}
