// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.elf.edit.Symbol;
import java.util.Optional;

/**
 * What an object is part of: the kernel itself or one of its modules.
 *
 * @param name {@code vmlinux}, or the name of a module as the kernel has it
 * @param symbols its symbols
 * @param exports which symbols are exported, and by whom: {@code vmlinux} or the name of a module
 */
public record Parent(String name, Symbols symbols, Exports exports) {
    public static final String KERNEL = "vmlinux";

    /** What the parent has of the symbols of one of its objects. */
    @FunctionalInterface
    public interface Symbols {
        /** Where a symbol of the original object, or one that it or its patched version refers to, stands among all of its name. */
        Place place(Symbol symbol);

        /** Whether the parent has another in place of a weak symbol of the object. */
        default boolean isOverridden(Symbol symbol) {
            return false;
        }
    }

    /**
     * Where a symbol stands.
     *
     * @param candidates how many there are that it may be: none if it is not there, one if it is known
     * @param sympos which of its name it is, counted as the kernel does, 0 where it is the only one
     */
    public record Place(int candidates, int sympos) {
        public static final Place ABSENT = new Place(0, 0);

        boolean isAbsent() {
            return candidates == 0;
        }

        boolean isKnown() {
            return candidates == 1;
        }
    }

    /** Who exports which symbols, as {@code Module.symvers} says. */
    @FunctionalInterface
    public interface Exports {
        Optional<String> exporter(String symbol);
    }

    boolean isKernel() {
        return name.equals(KERNEL);
    }
}
