// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

/** What has happened to a kernel that its makers want to know of, by bit (Documentation/admin-guide/tainted-kernels.rst). */
public enum Taint {
    PROPRIETARY(0, 'P', "a proprietary module was loaded"),
    FORCED_LOAD(1, 'F', "a module was loaded by force"),
    OUT_OF_SPEC(2, 'S', "the processor or the system is outside of its specification"),
    FORCED_UNLOAD(3, 'R', "a module was unloaded by force"),
    MACHINE_CHECK(4, 'M', "a machine check was reported"),
    BAD_PAGE(5, 'B', "a bad page was found"),
    USER(6, 'U', "a user asked for it"),
    DIED(7, 'D', "the kernel has had an oops"),
    ACPI(8, 'A', "an ACPI table was overridden"),
    WARNED(9, 'W', "the kernel has warned"),
    STAGING(10, 'C', "a staging driver was loaded"),
    FIRMWARE(11, 'I', "a fault of the firmware is worked around"),
    OUT_OF_TREE(12, 'O', "a module from outside of the kernel's tree was loaded"),
    UNSIGNED(13, 'E', "an unsigned module was loaded"),
    SOFT_LOCKUP(14, 'L', "there was a soft lockup"),
    LIVEPATCH(15, 'K', "it has been live-patched"),
    AUXILIARY(16, 'X', "as the distribution defines it"),
    RANDOMIZED(17, 'T', "it was built with randomised structures"),
    TESTED(18, 'N', "a test was run in it"),
    FWCTL(19, 'J', "a device's firmware was changed for debugging");

    private final int bit;
    private final char letter;
    private final String words;

    Taint(int bit, char letter, String words) {
        this.bit = bit;
        this.letter = letter;
        this.words = words;
    }

    /** Whether it is among those of a number from the kernel. */
    boolean isIn(long bits) {
        return (bits >>> bit & 1) == 1;
    }

    /** As an oops shows it. */
    public char letter() {
        return letter;
    }

    public String words() {
        return words;
    }
}
