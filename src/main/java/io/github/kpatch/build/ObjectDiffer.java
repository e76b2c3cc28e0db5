// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.diff.Difference;
import java.nio.file.Path;

/** Compares objects before and after a patch. */
@FunctionalInterface
public interface ObjectDiffer {

    Difference difference(Pair pair);

    /**
     * Two objects of one source.
     *
     * @param path in the source tree, {@code fs/proc/meminfo.o}
     * @param parent {@code vmlinux} or the module that it is part of, by its name in the kernel
     */
    record Pair(String path, String parent, Path original, Path patched) {}
}
