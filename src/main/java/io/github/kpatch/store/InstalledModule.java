// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.nio.file.Path;

/**
 * A patch module in the install DB.
 *
 * @param kernelVersion the kernel it is installed for
 * @param file the file, {@code DB/KERNELVERSION/FILE.ko}
 */
public record InstalledModule(String kernelVersion, Path file) {
    static final String SUFFIX = ".ko";

    /** The file's name. */
    public String fileName() {
        return String.valueOf(file.getFileName());
    }

    /** The name to show and to be called by: the file's, without its suffix, in the spelling of module names. */
    public String name() {
        String name = fileName();
        return name.substring(0, name.length() - SUFFIX.length()).replace('-', '_');
    }
}
