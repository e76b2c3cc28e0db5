// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import java.io.ByteArrayOutputStream;

/** Bytes that grow, little endian. */
final class Output {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int size() {
        return bytes.size();
    }

    void u8(int value) {
        bytes.write(value);
    }

    void u16(int value) {
        little(value, 2);
    }

    void u32(int value) {
        little(value, 4);
    }

    void u64(long value) {
        little(value, 8);
    }

    private void little(long value, int size) {
        for (int i = 0; i < size; i++) {
            bytes.write((int) (value >>> (8 * i)));
        }
    }

    void bytes(byte[] content) {
        bytes.writeBytes(content);
    }

    void zeros(int count) {
        for (int i = 0; i < count; i++) {
            bytes.write(0);
        }
    }

    void align(long alignment) {
        zeros((int) ((alignment - size() % alignment) % alignment));
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
