// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;

/**
 * The addresses in the kernel's own table of symbols. There have been several ways of writing them (kernel/kallsyms.c of
 * Linux 6.1, 6.12 and 7.3); which of them it is, shows in that only the right one gives addresses that rise.
 */
final class KernelAddresses {
    /** Keeps relative addresses above zero. */
    private static final long MIDDLE = 1L << 40;

    private final KernelTables tables;
    private final ByteBuffer image;

    KernelAddresses(KernelTables tables) {
        this.tables = tables;
        this.image = tables.image();
    }

    /** The addresses of all symbols, those of the last way without what all have in common. */
    long[] read() throws NoSymbolsException {
        int count = tables.count();
        int behind = tables.tokenOffsets() + 2 * KernelTables.TOKENS;
        int baseBehind = tables.aligned(behind + 4 * count);
        int number = tables.names() - tables.alignment();
        int baseBefore = number - Long.BYTES;
        int before = baseBefore - tables.aligned(4 * count);
        if (tables.alignment() == Integer.BYTES) { // since 7.0: nothing of eight bytes, so relative to where they stand
            return risingOrRefused(index -> MIDDLE + 4L * index + (int) offset(behind, index));
        }
        return risingOrRefused(
                index -> base(baseBehind) + offset(behind, index), // since 6.4
                index -> absolutePerCpu(base(baseBehind), offset(behind, index)), // the same on x86-64 until 6.14
                index -> base(baseBefore) + offset(before, index), // until 6.3
                index -> absolutePerCpu(base(baseBefore), offset(before, index)), // the same on x86-64
                index -> image.getLong(number - 8 * count + 8 * index)); // without KALLSYMS_BASE_RELATIVE, until 6.3
    }

    private long[] risingOrRefused(IntToLongFunction... encodings) throws NoSymbolsException {
        for (IntToLongFunction encoding : encodings) {
            long[] addresses = rising(encoding);
            if (addresses.length > 0) {
                return addresses;
            }
        }
        throw new NoSymbolsException("has a table of symbols whose addresses do not rise in any way that is known");
    }

    private long base(int at) {
        return image.getLong(at);
    }

    private long offset(int at, int index) {
        return Integer.toUnsignedLong(image.getInt(at + 4 * index));
    }

    /** With CONFIG_KALLSYMS_ABSOLUTE_PERCPU what is not negative is the address, and the rest counts from the base down. */
    private static long absolutePerCpu(long base, long offset) {
        return (int) offset >= 0 ? offset : base - 1 - (int) offset;
    }

    /** All addresses if they rise, else none: many of them are different, as those of noise or zeros are not. */
    private long[] rising(IntToLongFunction encoding) {
        long[] addresses = new long[tables.count()];
        int steps = 1;
        try {
            for (int i = 0; i < addresses.length; i++) {
                addresses[i] = encoding.applyAsLong(i);
                int step = i == 0 ? 0 : Long.compareUnsigned(addresses[i], addresses[i - 1]);
                if (step < 0) {
                    return new long[0];
                }
                steps += step;
            }
        } catch (IndexOutOfBoundsException e) {
            return new long[0];
        }
        return steps > addresses.length / 2 ? addresses : new long[0];
    }
}
