// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

/**
 * A function that a module replaces.
 *
 * @param name printable ASCII, at most 511 bytes
 * @param sympos which of the symbols of that name in its object, counted from 1, unsigned; 0: there is only one. For 0
 *     too sysfs shows {@code NAME,1}, see {@link #sysfsName}
 */
public record PatchedFunction(String name, long sympos) {
    /** The function's directory below its object's in /sys/kernel/livepatch/PATCH, as the kernel's sysfs ABI has it. */
    public String sysfsName() {
        return name.concat(",").concat(sympos == 0 ? "1" : Long.toUnsignedString(sympos));
    }
}
