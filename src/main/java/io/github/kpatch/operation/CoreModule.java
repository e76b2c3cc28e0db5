// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Errno;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.Programs;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.module.Design;
import io.github.kpatch.module.ModuleFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The kpatch core module, which gives a kernel without livepatch the means to be patched. */
final class CoreModule {
    private final Host host;

    CoreModule(Host host) {
        this.host = host;
    }

    /**
     * The kernel's interface for patch modules; where it has none, the core module is loaded to bring one.
     *
     * @param file the patch module that is to be loaded
     */
    PatchInterface require(ModuleFile file) {
        Optional<PatchInterface> present = host.patchInterface();
        if (present.isPresent()) {
            return present.get();
        }
        String version = host.kernel().version();
        if (file.module().design() != Design.CORE) {
            throw new KpatchException(
                    Failure.REFUSED,
                    file.path() + ": is built for livepatch, and kernel " + version
                            + " has no livepatch (CONFIG_LIVEPATCH)",
                    "boot a kernel that has");
        }
        Optional<Programs.Outcome> modprobe = host.machine().programs().run("modprobe", "kpatch");
        if (modprobe.filter(o -> o.status() == 0).isEmpty()) {
            loadFromFile(version);
        }
        return host.patchInterface()
                .orElseThrow(() -> new KpatchException(
                        Failure.REFUSED,
                        Sentence.of(
                                "kernel " + version + ": can load no patch modules, as it has no livepatch"
                                        + " (CONFIG_LIVEPATCH) and there is no kpatch core module for it",
                                "boot a kernel with livepatch"),
                        modprobe.map(o -> o.output().lines().toList()).orElse(List.of()),
                        null));
    }

    private void loadFromFile(String version) {
        for (Path file : host.machine().roots().coreModuleFiles(version)) {
            if (Files.isRegularFile(file)) {
                try (KernelLog.Listener log = host.machine().kernelLog().listen()) {
                    load(file, log);
                }
                return;
            }
        }
    }

    private void load(Path file, KernelLog.Listener log) {
        try {
            host.machine().systemCalls().loadModule(file, false, Optional.empty());
        } catch (SystemCallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw new KernelSays(host.kernel())
                        .toLoad(file.toString(), "kpatch", e, subjects -> Optional.empty(), log.lines());
            }
        }
    }
}
