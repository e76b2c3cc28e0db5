// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Unpacks the legacy frame of LZ4, in which kernels are (lz4's doc/lz4_Frame_format.md, "Legacy frame", and
 * doc/lz4_Block_format.md): blocks one after the other, each with its packed length before it.
 */
final class Lz4 {
    static final int MAGIC = 0x184C2102;

    private static final int SHORTEST_MATCH = 4;
    private static final int LONGER = 15;

    private final ByteBuffer packed;
    private final byte[] content;
    private int length;

    private Lz4(byte[] packed, byte[] content) {
        this.packed = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
        this.content = content;
    }

    /** Fills an array with what was packed, which has to be of that size. */
    static void unpack(byte[] packed, byte[] content) throws IOException {
        new Lz4(packed, content).unpack();
    }

    private void unpack() throws IOException {
        try {
            if (packed.getInt() != MAGIC) {
                throw new IOException("no legacy frame");
            }
            while (packed.hasRemaining()) {
                int end = Math.addExact(packed.getInt(), packed.position());
                if (end <= packed.position() || end > packed.limit()) {
                    throw new IOException("a block runs over the end");
                }
                block(end);
            }
        } catch (RuntimeException e) { // whatever is read or written outside of the arrays
            throw new IOException("corrupt data", e);
        }
        if (length < content.length) {
            throw new IOException("the data ends too soon");
        }
    }

    private void block(int end) throws IOException {
        int start = length;
        while (packed.position() < end) {
            int token = next();
            int literals = longer(token >> 4);
            packed.get(content, length, literals);
            length += literals;
            if (packed.position() >= end) { // the last sequence has literals only
                break;
            }
            int distance = next() | next() << 8;
            if (distance == 0 || distance > length - start) {
                throw new IOException("a match begins before its block");
            }
            copy(distance, longer(token & LONGER) + SHORTEST_MATCH);
        }
        if (packed.position() != end) {
            throw new IOException("a block runs over its end");
        }
    }

    private int next() {
        return Byte.toUnsignedInt(packed.get());
    }

    private int longer(int count) {
        int sum = count;
        if (count == LONGER) {
            int more;
            do {
                more = next();
                sum = Math.addExact(sum, more);
            } while (more == 255);
        }
        return sum;
    }

    /** Byte by byte, since what is copied may be written by the same copy. */
    private void copy(int distance, int count) {
        for (int i = 0; i < count; i++) {
            content[length] = content[length - distance];
            length++;
        }
    }
}
