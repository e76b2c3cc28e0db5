// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a file, read by absolute offset; no read strays outside. */
final class ElfBytes {
    private final byte[] content;
    private final ByteBuffer buffer;

    ElfBytes(byte[] content, ByteOrder order) {
        this.content = content;
        this.buffer = ByteBuffer.wrap(content).order(order);
    }

    ByteOrder order() {
        return buffer.order();
    }

    int length() {
        return content.length;
    }

    int u8(long offset) throws MalformedElfException {
        require(offset, 1, "a byte");
        return Byte.toUnsignedInt(content[(int) offset]);
    }

    int u16(long offset) throws MalformedElfException {
        require(offset, 2, "a half-word");
        return Short.toUnsignedInt(buffer.getShort((int) offset));
    }

    long u32(long offset) throws MalformedElfException {
        require(offset, 4, "a word");
        return Integer.toUnsignedLong(buffer.getInt((int) offset));
    }

    /** Sixty-four bits as they are; what is above 2^63 comes out negative and so fails every range check. */
    long u64(long offset) throws MalformedElfException {
        require(offset, 8, "a double word");
        return buffer.getLong((int) offset);
    }

    /** Whether a range is wholly inside the file. */
    boolean contains(long offset, long length) {
        return offset >= 0 && length >= 0 && length <= content.length && offset <= content.length - length;
    }

    /** Refuses a range that isn't. What it is of is a constant, since joining strings would cost more than all else. */
    void require(long offset, long length, String what) throws MalformedElfException {
        if (!contains(offset, length)) {
            throw beyond(offset, length, what);
        }
    }

    MalformedElfException beyond(long offset, long length, String what) {
        return new MalformedElfException(
                content.length,
                "is truncated or corrupt: " + what + " at byte " + Long.toUnsignedString(offset) + " with a size of "
                        + Long.toUnsignedString(length) + " is beyond its end at byte " + content.length);
    }

    byte[] copy(long offset, long length) throws MalformedElfException {
        require(offset, length, "a range");
        byte[] copy = new byte[(int) length];
        System.arraycopy(content, (int) offset, copy, 0, copy.length);
        return copy;
    }

    /** The string that begins at {@code offset} and whose NUL stands before {@code limit}. */
    String string(long offset, long limit, int maxLength) throws MalformedElfException {
        require(offset, limit - offset, "a string");
        long last = Math.min(limit, offset + maxLength + 1L);
        for (int end = (int) offset; end < last; end++) {
            if (content[end] == 0) {
                return new String(content, (int) offset, end - (int) offset, StandardCharsets.UTF_8);
            }
        }
        throw MalformedElfException.corrupt(
                offset,
                last == limit ? "a string runs over the end of its section" : "a name is longer than " + maxLength);
    }

    /** Whether exactly {@code wanted} and a NUL stand at {@code offset}, looking at no byte from {@code limit} on. */
    boolean isString(long offset, long limit, byte[] wanted) {
        if (offset < 0 || limit > content.length || offset > limit - wanted.length - 1) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (content[(int) offset + i] != wanted[i]) {
                return false;
            }
        }
        return content[(int) offset + wanted.length] == 0;
    }
}
