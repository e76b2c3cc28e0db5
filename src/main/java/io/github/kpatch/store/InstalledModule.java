// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.nio.file.Path;

/**
 * A patch module in the install DB.
 *
 * @param kernelVersion the kernel it is installed for
 * @param directory {@code DB/KERNELVERSION}
 * @param fileName the file's name in it
 */
public record InstalledModule(String kernelVersion, Path directory, String fileName) {
    static final String SUFFIX = ".ko";

    /** The file, {@code DB/KERNELVERSION/FILE.ko}. */
    public Path file() {
        return directory.resolve(fileName);
    }

    /** The name to show and to be called by: the file's, without its suffix, in the spelling of module names. */
    public String name() {
        return fileName.substring(0, fileName.length() - SUFFIX.length()).replace('-', '_');
    }
}
