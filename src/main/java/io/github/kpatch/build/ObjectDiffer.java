// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

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
     * @param number its number in the build, N of {@code kpatch_funcs_N}
     * @param output where the output object is to be put
     */
    record Pair(String path, String parent, int number, Path original, Path patched, Path output) {}
}
