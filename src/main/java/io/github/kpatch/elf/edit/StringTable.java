// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Strings that are named by their offset, the empty one at 0 (gABI, "String Table"). */
final class StringTable {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Map<String, Integer> offsets = new HashMap<>();

    StringTable() {
        add("");
    }

    int add(String text) {
        return offsets.computeIfAbsent(text, added -> {
            int offset = bytes.size();
            bytes.writeBytes(added.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
            return offset;
        });
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
