// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All symbols of a kernel or module in the order in which the kernel counts those of the same name, stored as columns:
 * a kernel has some 200,000.
 *
 * <p>For the kernel that is by rising address, for a module the order of its symbol table ("sympos",
 * Documentation/livepatch/livepatch.rst; kallsyms_on_each_match_symbol() and module_kallsyms_on_each_symbol() in
 * include/linux/kallsyms.h and include/linux/module.h walk them so).
 */
final class SymbolList {
    /** It may be local. */
    static final int LOCAL = 1;
    /** It may be global or weak. The kernel's own table does not tell of per-CPU variables which of the two they are. */
    static final int GLOBAL = 2;

    static final int TEXT = 4;
    static final int DATA = 8;
    /** It is weak: no other of its name was there when the kernel was linked. */
    static final int WEAK = 16;

    static final int NO_FILE = -1;

    private final byte[] names;
    private final int[] ends;
    private final long[] addresses;
    private final byte[] flags;
    private final int[] files;
    private final List<String> fileNames;
    private final int size;

    private SymbolList(Builder from) {
        size = from.size;
        names = Arrays.copyOf(from.names, from.used);
        ends = Arrays.copyOf(from.ends, size);
        addresses = Arrays.copyOf(from.addresses, size);
        flags = Arrays.copyOf(from.flags, size);
        files = Arrays.copyOf(from.files, size);
        fileNames = List.copyOf(from.fileNames);
    }

    int size() {
        return size;
    }

    String name(int index) {
        int start = start(index);
        return new String(names, start, ends[index] - start, StandardCharsets.ISO_8859_1);
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    boolean isNamed(int index, byte[] name) {
        return Arrays.equals(names, start(index), ends[index], name, 0, name.length);
    }

    /** As the source gives it: 0 where it was kept secret. Those of a module rise with section and offset. */
    long address(int index) {
        return addresses[index];
    }

    /** The indexes of all by rising address; those of the same address rise themselves. */
    int[] byAddress() {
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compareUnsigned(addresses[a], addresses[b]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /** Whether it may be what some flags say. */
    boolean is(int index, int wanted) {
        return (flags[index] & wanted) != 0;
    }

    /**
     * This list, with a variable for all that lies among variables. A table of symbols has one letter for all of a
     * section, and since 6.14 x86-64 kernels have some code of kexec's in theirs of variables, which nm(1) then takes for
     * one of code.
     */
    SymbolList withVariables() {
        int first = indexOf("_sdata");
        int end = indexOf("_edata");
        for (int i = 0; i < size && first >= 0 && end >= 0; i++) {
            if (!isBefore(i, first) && isBefore(i, end)) {
                flags[i] = (byte) ((flags[i] & ~TEXT) | DATA);
            }
        }
        return this;
    }

    private boolean isBefore(int index, int other) {
        int order = Long.compareUnsigned(addresses[index], addresses[other]);
        return order < 0 || (order == 0 && index < other); // all are 0 where they are kept secret
    }

    private int indexOf(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        int index = size - 1;
        while (index >= 0 && !isNamed(index, bytes)) {
            index--;
        }
        return index;
    }

    /** Which FILE symbol it stands behind, by number; {@link #NO_FILE} for globals and where there are none. */
    int file(int index) {
        return files[index];
    }

    /** What the FILE symbols are called, by number: source files without their directory, several of the same name. */
    List<String> fileNames() {
        return fileNames;
    }

    /** Makes a list; names are cut where clang puts {@code .llvm.HASH} behind them, as the kernel does it to its own. */
    static final class Builder {
        private static final byte[] LLVM = {'.', 'l', 'l', 'v', 'm', '.'};

        private byte[] names = new byte[1 << 16];
        private int[] ends = new int[1 << 11];
        private long[] addresses = new long[1 << 11];
        private byte[] flags = new byte[1 << 11];
        private int[] files = new int[1 << 11];
        private final List<String> fileNames = new ArrayList<>();
        private int size;
        private int used;

        int size() {
            return size;
        }

        void add(String name, long address, int symbolFlags, int file) {
            byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
            add(bytes, bytes.length, address, symbolFlags, file);
        }

        /** @param length how many bytes of the array are the name */
        void add(byte[] name, int length, long address, int symbolFlags, int file) {
            if (size == ends.length) {
                ends = Arrays.copyOf(ends, 2 * size);
                addresses = Arrays.copyOf(addresses, 2 * size);
                flags = Arrays.copyOf(flags, 2 * size);
                files = Arrays.copyOf(files, 2 * size);
            }
            int kept = lengthWithoutHash(name, length);
            if (used + kept > names.length) {
                names = Arrays.copyOf(names, 2 * names.length + kept);
            }
            System.arraycopy(name, 0, names, used, kept);
            used += kept;
            ends[size] = used;
            addresses[size] = address;
            flags[size] = (byte) symbolFlags;
            files[size++] = file;
        }

        /** The number of a FILE symbol, for those that come after it. */
        int addFile(String name) {
            fileNames.add(name);
            return fileNames.size() - 1;
        }

        private static int lengthWithoutHash(byte[] name, int length) {
            for (int i = length - LLVM.length; i > 0; i--) {
                if (name[i] == '.' && Arrays.equals(name, i, i + LLVM.length, LLVM, 0, LLVM.length)) {
                    return i;
                }
            }
            return length;
        }

        SymbolList build() {
            return new SymbolList(this);
        }

        /** The list by rising address, those of the same address in the order in which they came. */
        SymbolList sortedByAddress() {
            SymbolList list = build();
            boolean sorted = true;
            for (int i = 1; i < size && sorted; i++) {
                sorted = Long.compareUnsigned(addresses[i - 1], addresses[i]) <= 0;
            }
            return sorted ? list : list.sorted();
        }
    }

    private SymbolList sorted() {
        Builder builder = new Builder();
        builder.fileNames.addAll(fileNames);
        for (int from : byAddress()) {
            byte[] name = Arrays.copyOfRange(names, start(from), ends[from]);
            builder.add(name, name.length, addresses[from], flags[from], files[from]);
        }
        return builder.build();
    }
}
