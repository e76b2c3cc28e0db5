// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

/** The kernel returned an error from a system call. What it means depends on the call. */
public final class SystemCallException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int number;

    /**
     * @param call the system call
     * @param argument what it was about: a file or a module
     * @param number the errno
     */
    public SystemCallException(String call, String argument, int number) {
        super(call + "(" + argument + "): " + name(number));
        this.number = number;
    }

    public Errno errno() {
        return Errno.of(number);
    }

    /** The errno as people write it: its name, or its number where it has none here. */
    public String errnoName() {
        return name(number);
    }

    private static String name(int number) {
        Errno errno = Errno.of(number);
        return errno == Errno.OTHER ? "error " + number : errno.name();
    }
}
