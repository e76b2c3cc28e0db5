// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import java.nio.file.Path;
import java.util.List;

/** Compiles what patches affect, once without them and once with them. Its methods are called in their order. */
interface Versions {

    /** Finds out what that is, as far as it can be known, and refuses what cannot be patched. */
    void begin(List<String> files);

    /** Compiles it without the patches. */
    void original();

    /** Compiles it with them; gives the objects that may differ. */
    List<Both> patched();

    /** Puts right what the patches, which the sources are without again, have changed beside these. */
    void takenBack(List<String> files);

    /**
     * An object, compiled twice.
     *
     * @param object its path in the source tree, {@code fs/proc/meminfo.o}
     * @param parent {@code vmlinux} or the module that it is part of, by its name in the kernel
     */
    record Both(String object, String parent, Path original, Path patched) {}
}
