// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.nio.file.Path;

/** Which kernels this machine can boot, as far as its files tell. */
public final class KernelsOnDisk {
    private final Roots roots;
    private final String running;

    /** @param running the version of the running kernel */
    public KernelsOnDisk(Roots roots, String running) {
        this.roots = roots;
        this.running = running;
    }

    /**
     * Whether the files of this root tell of every kernel that the machine boots: not where it has other roots with
     * kernels of their own (ostree, snapshots of btrfs), nor in a container, which has not even the running one.
     */
    public boolean areAllSeen() {
        return KernelFiles.isDirectory(roots.kernelModules(running))
                && roots.otherRoots().stream().noneMatch(KernelFiles::exists);
    }

    /** Whether there are modules of a kernel, or anything of its name to boot. */
    public boolean has(String version) {
        return version.equals(running)
                || KernelFiles.exists(roots.kernelModules(version))
                || isIn(roots.boot(), version)
                || isIn(roots.bootEntries(), version);
    }

    /** By the habits of distributions {@code vmlinuz-VERSION}, or {@code ENTRY/VERSION} (Boot Loader Specification). */
    private static boolean isIn(Path directory, String version) {
        for (Path file : KernelFiles.entries(directory)) {
            if (String.valueOf(file.getFileName()).contains(version) || KernelFiles.exists(file.resolve(version))) {
                return true;
            }
        }
        return false;
    }
}
