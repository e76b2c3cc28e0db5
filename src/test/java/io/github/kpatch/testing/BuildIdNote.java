// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The note in which a linker writes a build ID. */
final class BuildIdNote {
    private BuildIdNote() {}

    static byte[] of(String digits, ByteOrder order) {
        byte[] id = HexFormat.of().parseHex(digits);
        return ByteBuffer.allocate(16 + id.length)
                .order(order)
                .putInt(4)
                .putInt(id.length)
                .putInt(3)
                .put("GNU\0".getBytes(StandardCharsets.US_ASCII))
                .put(id)
                .array();
    }
}
