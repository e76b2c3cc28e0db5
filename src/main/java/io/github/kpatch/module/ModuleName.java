// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.util.Optional;

/**
 * The name of a kernel module. To the kernel's tools {@code -} and {@code _} are the same in it, and /proc/modules and
 * sysfs show {@code _}, as this class does; so names that differ in that alone are equal here.
 *
 * <p>A name is 1 to 55 bytes ({@code MODULE_NAME_LEN} is 56 on 64-bit kernels, with the NUL) of printable ASCII without
 * a slash, and neither {@code .} nor {@code ..}: it can be put into a path and onto a terminal as it is.
 */
public final class ModuleName implements Comparable<ModuleName> {
    /** The longest name that the kernel has room for. */
    public static final int MAX_LENGTH = 55;

    private static final String[] COMPRESSED = {".xz", ".gz", ".zst"};

    private final String name;

    private ModuleName(String name) {
        this.name = name;
    }

    /**
     * A name that is known to be good.
     *
     * @throws IllegalArgumentException if it isn't
     */
    public static ModuleName of(String name) {
        Optional<ModuleName> parsed = parse(name);
        if (parsed.isEmpty()) {
            throw new IllegalArgumentException("not a module name");
        }
        return parsed.get();
    }

    /** A name from outside; empty if no module can be called that. */
    public static Optional<ModuleName> parse(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || name.equals(".") || name.equals("..")) {
            return Optional.empty();
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c > '~' || c == '/') {
                return Optional.empty();
            }
        }
        return Optional.of(new ModuleName(name.replace('-', '_')));
    }

    /** What a user may call a module: its name, or a file's name with {@code .ko}, compressed or not, behind it. */
    public static Optional<ModuleName> fromArgument(String argument) {
        String stem = argument;
        for (String suffix : COMPRESSED) {
            if (argument.endsWith(".ko" + suffix)) {
                stem = argument.substring(0, argument.length() - suffix.length());
            }
        }
        return parse(stem.endsWith(".ko") ? stem.substring(0, stem.length() - 3) : stem);
    }

    @Override
    public int compareTo(ModuleName other) {
        return name.compareTo(other.name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModuleName that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The name as the kernel shows it. */
    @Override
    public String toString() {
        return name;
    }
}
