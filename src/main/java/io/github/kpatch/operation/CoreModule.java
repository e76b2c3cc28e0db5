// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Errno;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.Programs;
import io.github.kpatch.kernel.SystemCallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The kpatch core module, which gives a kernel without livepatch the means to be patched. */
final class CoreModule {
    private final Host host;

    CoreModule(Host host) {
        this.host = host;
    }

    /** The kernel's interface for patch modules; where it has none, the core module is loaded to bring one. */
    PatchInterface require() {
        Optional<PatchInterface> present = host.patchInterface();
        if (present.isPresent()) {
            return present.get();
        }
        String version = host.kernel().version();
        if (!loadByModprobe()) {
            loadFromFile(version);
        }
        return host.patchInterface()
                .orElseThrow(() -> new KpatchException(
                        Failure.REFUSED,
                        "kernel " + version + ": can load no patch modules, as it has no livepatch (CONFIG_LIVEPATCH)"
                                + " and there is no kpatch core module for it; boot a kernel with livepatch"));
    }

    private boolean loadByModprobe() {
        Optional<Programs.Outcome> outcome = host.machine().programs().run("modprobe", "-q", "kpatch");
        return outcome.filter(o -> o.status() == 0).isPresent();
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
            host.machine().systemCalls().loadModule(file);
        } catch (SystemCallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw new KernelSays(host.kernel()).toLoad(file.toString(), "kpatch", e, log.lines());
            }
        }
    }
}
