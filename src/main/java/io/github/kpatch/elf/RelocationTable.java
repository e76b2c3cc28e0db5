// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

import java.util.Arrays;
import java.util.Optional;

/** The relocations of one section, by rising offset whatever their order in the file. */
public final class RelocationTable {
    private final ElfBytes bytes;
    private final long start;
    private final int count;

    /** Where the file isn't sorted: offset in the upper half, index in the file in the lower one; else empty. */
    private final long[] sorted;

    private RelocationTable(ElfBytes bytes, long start, int count, long[] sorted) {
        this.bytes = bytes;
        this.start = start;
        this.count = count;
        this.sorted = sorted;
    }

    static RelocationTable none(ElfBytes bytes) {
        return new RelocationTable(bytes, 0, 0, new long[0]);
    }

    static RelocationTable read(ElfBytes bytes, ElfSection relocations, ElfSection target)
            throws MalformedElfException {
        if (relocations.type() != ElfSection.SHT_RELA) {
            throw MalformedElfException.corrupt(
                    relocations.offset(), "it has relocations without addends, which no 64-bit machine uses");
        }
        int count = relocations.entries(ElfRelocation.SIZE);
        boolean rising = true;
        long before = 0;
        for (int i = 0; i < count; i++) {
            long at = relocations.offset() + (long) i * ElfRelocation.SIZE;
            long offset = bytes.u64(at);
            if (offset < 0 || offset >= target.size() || !target.hasContent()) {
                throw MalformedElfException.corrupt(at, "a relocation is outside of the section it is for");
            }
            rising &= offset >= before;
            before = offset;
        }
        long[] sorted = rising ? new long[0] : sort(bytes, relocations.offset(), count);
        return new RelocationTable(bytes, relocations.offset(), count, sorted);
    }

    private static long[] sort(ElfBytes bytes, long start, int count) throws MalformedElfException {
        long[] order = new long[count];
        for (int i = 0; i < count; i++) {
            order[i] = bytes.u64(start + (long) i * ElfRelocation.SIZE) << 32 | i;
        }
        Arrays.sort(order);
        return order;
    }

    public int size() {
        return count;
    }

    /** The relocation at {@code position} in the order of offsets. */
    public ElfRelocation get(int position) throws MalformedElfException {
        int index = sorted.length == 0 ? position : (int) sorted[position];
        return ElfRelocation.read(bytes, start + (long) index * ElfRelocation.SIZE);
    }

    /** The position of the first relocation at {@code offset} or behind it; {@link #size} if there is none. */
    public int firstFrom(long offset) throws MalformedElfException {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).offset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The relocation at exactly {@code offset}; the first, where there are several. */
    public Optional<ElfRelocation> at(long offset) throws MalformedElfException {
        int position = firstFrom(offset);
        if (position == count) {
            return Optional.empty();
        }
        ElfRelocation found = get(position);
        return found.offset() == offset ? Optional.of(found) : Optional.empty();
    }
}
