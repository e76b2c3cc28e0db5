// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Finds in an unpacked kernel the table of symbols that it carries for its own traces. No symbol tells where it is, so
 * it is known by its structure alone. It consists of (kernel/kallsyms.c and scripts/kallsyms.c of Linux 6.1 to 7.3):
 *
 * <ul>
 *   <li>the number of symbols, 32 bits, and right behind it
 *   <li>their names, each a length of one or two bytes (ULEB128) and as many numbers of tokens; the first character that
 *       comes of them is the type, as nm(1) gives it
 *   <li>markers: where every 256th name begins, 32 bits each
 *   <li>256 tokens, strings that end with a NUL, and right behind them the offset of each, 16 bits
 *   <li>addresses: before the number of symbols until Linux 6.3, behind the tokens since 6.4
 * </ul>
 *
 * <p>Each of these begins at a multiple of eight bytes, or of four in Linux 7, which has nothing of eight bytes in them.
 * What else is between them (a list of the names in their order) is not needed.
 *
 * @param image the kernel, in its byte order
 * @param alignment of what multiple each part begins
 * @param count how many symbols there are
 * @param names where their names begin
 * @param tokens where the tokens begin
 * @param tokenOffsets where the offsets of the tokens begin
 */
record KernelTables(ByteBuffer image, int alignment, int count, int names, int tokens, int tokenOffsets) {
    static final int TOKENS = 256;

    /** For every so many names there is a marker. */
    private static final int MARKED = 256;

    /** The smallest of kernels has more; with fewer, noise might make sense. */
    private static final int MIN_SYMBOLS = 1000;

    /** Kernels have some 200,000. */
    private static final int MAX_SYMBOLS = 1 << 23;

    /** The numbers of the tokens that are characters which names have been made of all along: digits. */
    private static final int FIRST_DIGIT = '0';

    private static final int DIGITS = 10;

    static KernelTables find(byte[] kernel) throws NoSymbolsException {
        ByteBuffer image = ByteBuffer.wrap(kernel).order(ByteOrder.LITTLE_ENDIAN);
        for (int digits = nextDigits(kernel, 0); digits >= 0; digits = nextDigits(kernel, digits + 1)) {
            int offsets = tokenOffsets(image, digits);
            if (offsets > 0) {
                int tokens = digits - u16(image, offsets + 2 * FIRST_DIGIT);
                for (int alignment = Long.BYTES; alignment >= Integer.BYTES; alignment /= 2) {
                    Optional<KernelTables> tables = before(image, alignment, tokens, offsets);
                    if (tables.isPresent()) {
                        return tables.get();
                    }
                }
            }
        }
        throw new NoSymbolsException("has no table of symbols that makes sense (CONFIG_KALLSYMS)");
    }

    /** Looks for the number of symbols and their names, which have stood before the tokens all along. */
    private static Optional<KernelTables> before(ByteBuffer image, int alignment, int tokens, int offsets) {
        for (int at = tokens & -alignment; at >= 0; at -= alignment) {
            int names = at + alignment;
            if (names == at + Integer.BYTES || image.getInt(at + Integer.BYTES) == 0) {
                KernelTables tables = new KernelTables(image, alignment, image.getInt(at), names, tokens, offsets);
                if (tables.makeSense()) {
                    return Optional.of(tables);
                }
            }
        }
        return Optional.empty();
    }

    /** Digits are in use in every kernel, so their tokens are what they are: "0", "1" and so on. */
    private static int nextDigits(byte[] kernel, int from) {
        for (int i = from; i < kernel.length - 2 * DIGITS; i++) {
            int digit = 0;
            while (digit < DIGITS && kernel[i + 2 * digit] == '0' + digit && kernel[i + 2 * digit + 1] == 0) {
                digit++;
            }
            if (digit == DIGITS) {
                return i;
            }
        }
        return -1;
    }

    /** Where the offsets of the tokens are, of which those of the digits are at a place; 0 if they are nowhere. */
    private static int tokenOffsets(ByteBuffer image, int digits) {
        int last = Math.min(image.limit() - 2 * TOKENS, digits + (1 << 16));
        for (int at = digits + Integer.BYTES & -Integer.BYTES; at <= last; at += Integer.BYTES) {
            int tokens = digits - u16(image, at + 2 * FIRST_DIGIT);
            if (u16(image, at) == 0 && tokens >= 0 && areOffsetsOf(image, tokens, at)) {
                return at;
            }
        }
        return 0;
    }

    private static boolean areOffsetsOf(ByteBuffer image, int tokens, int at) {
        int end = tokens;
        for (int token = 0; token < TOKENS; token++) {
            if (tokens + u16(image, at + 2 * token) != end) {
                return false;
            }
            while (end < at && image.get(end) != 0) {
                end++;
            }
            end++;
        }
        return end <= at && at - end < Long.BYTES;
    }

    private static int u16(ByteBuffer image, int at) {
        return Short.toUnsignedInt(image.getShort(at));
    }

    /** Whether there are so many names, of the right type, and their markers right behind them. */
    private boolean makeSense() {
        if (count < MIN_SYMBOLS || count > MAX_SYMBOLS) {
            return false;
        }
        int[] starts = new int[Math.min((count - 1) / MARKED + 1, (tokens - names) / MARKED + 1)];
        int at = names;
        for (int i = 0; i < count; i++) {
            if (i % MARKED == 0) {
                if (i / MARKED == starts.length) {
                    return false;
                }
                starts[i / MARKED] = at - names;
            }
            int content = contentOf(at);
            int end = content + lengthAt(at);
            if (end == content || end >= tokens || !SymbolType.is(typeAt(content))) {
                return false;
            }
            at = end;
        }
        return markersAre(starts, aligned(at));
    }

    /** Where the next part begins, behind the end of one. */
    int aligned(int end) {
        return (end + alignment - 1) & -alignment;
    }

    private boolean markersAre(int[] starts, int at) {
        if (at + Integer.BYTES * starts.length > tokens) {
            return false;
        }
        for (int i = 0; i < starts.length; i++) {
            if (image.getInt(at + Integer.BYTES * i) != starts[i]) {
                return false;
            }
        }
        return true;
    }

    /** How many numbers of tokens a name consists of. */
    int lengthAt(int name) {
        int first = image.get(name);
        return first >= 0 ? first : (first & 0x7f) | Byte.toUnsignedInt(image.get(name + 1)) << 7;
    }

    /** Where they begin. */
    int contentOf(int name) {
        return image.get(name) >= 0 ? name + 1 : name + 2;
    }

    private char typeAt(int content) {
        return (char) image.get(token(image.get(content)));
    }

    /** Where the token with a number begins. */
    int token(byte number) {
        return tokens + u16(image, tokenOffsets + 2 * Byte.toUnsignedInt(number));
    }
}
