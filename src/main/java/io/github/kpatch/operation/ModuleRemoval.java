// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Errno;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.module.ModuleName;
import java.time.Duration;

/** Takes a disabled patch module out of the kernel's memory. */
final class ModuleRemoval {
    /** The kernel drops the reference of a disabled patch from a work queue, a little after its transition. */
    private static final Duration UNTIL_UNUSED = Duration.ofSeconds(15);

    private final Host host;
    private final Progress progress;

    /** As long as a reference is worth waiting for: the core module keeps one of a forced patch for ever. */
    static Duration patience(PatchInterface patches) {
        return patches.releasesReferences() ? UNTIL_UNUSED : Duration.ZERO;
    }

    ModuleRemoval(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /**
     * Removes a module, and waits until nothing uses it.
     *
     * @param patience how long to wait for its last reference to go
     * @throws KpatchException if the kernel would not; the module is still there then
     */
    void remove(ModuleName name, Duration patience) {
        Polling polling = new Polling(host.machine().clock(), patience);
        try (var watch = host.machine()
                        .interrupts()
                        .onInterrupt(
                                () -> progress.interrupted(name + ": interrupted; it is disabled but still in memory,"
                                        + " from which 'kpatch unload " + name + "' removes it"));
                KernelLog.Listener log = host.machine().kernelLog().listen()) {
            while (true) {
                try {
                    host.machine().systemCalls().removeModule(name.toString());
                    return;
                } catch (SystemCallException e) {
                    if (e.errno() == Errno.ENOENT) {
                        return; // gone, which is what was wanted
                    }
                    if (e.errno() != Errno.EAGAIN || polling.isOver()) {
                        throw new KernelSays(host.kernel()).toUnload(name.toString(), e, log.lines());
                    }
                }
                polling.pause();
            }
        }
    }
}
