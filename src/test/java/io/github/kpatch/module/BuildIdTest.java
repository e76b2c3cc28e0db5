// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildIdTest {
    private static byte[] note(int nameSize, int idSize, int type) {
        return ByteBuffer.allocate(20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(nameSize)
                .putInt(idSize)
                .putInt(type)
                .put("GNU\0".getBytes(StandardCharsets.US_ASCII))
                .put(new byte[] {(byte) 0xca, (byte) 0xfe, 1, 2})
                .array();
    }

    private static Optional<String> parse(byte[] note) {
        return BuildId.parse(note, ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void theIdIsItsDigits() {
        assertEquals(Optional.of("cafe0102"), parse(note(4, 4, 3)));
        assertEquals(Optional.of("ca"), parse(note(4, 1, 3)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 5, 65, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aSizeThatCannotBeIsNoId(int size) {
        assertEquals(Optional.empty(), parse(note(4, size, 3)));
    }

    @Test
    void anotherNoteOrHalfOfOneIsNoId() {
        assertEquals(Optional.empty(), parse(note(4, 4, 1)));
        assertEquals(Optional.empty(), parse(note(8, 4, 3)));
        for (int length = 0; length < 20; length++) {
            assertEquals(Optional.empty(), parse(Arrays.copyOf(note(4, 4, 3), length)));
        }
    }
}
