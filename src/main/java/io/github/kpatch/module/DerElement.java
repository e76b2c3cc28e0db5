// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.util.Optional;

/**
 * An element of DER, the encoding of certificates and signatures (ITU-T X.690): tag, length, content. Walking is forward
 * and inward only and never leaves the enclosing element, so it ends on any bytes. Only tags of one byte are known, since
 * PKCS#7 uses no others.
 *
 * @param start of the content in {@code bytes}
 * @param end behind the content
 * @param limit the end of the enclosing element
 */
@SuppressWarnings("ArrayRecordComponent") // a window on the file's bytes, never compared
record DerElement(byte[] bytes, int tag, int start, int end, int limit) {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int OID = 0x06;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    static final int CONTEXT_0 = 0xa0;
    static final int CONTEXT_0_PRIMITIVE = 0x80;

    /** The element that begins at {@code at}; empty if there is no whole one before {@code limit}. */
    static Optional<DerElement> at(byte[] bytes, int at, int limit) {
        if (limit - at < 2) {
            return Optional.empty();
        }
        int start = at + 2;
        long length = Byte.toUnsignedInt(bytes[at + 1]);
        if (length >= 0x80) {
            int lengthBytes = (int) length - 0x80;
            if (lengthBytes < 1 || lengthBytes > 4 || lengthBytes > limit - start) {
                return Optional.empty();
            }
            length = 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = length << 8 | Byte.toUnsignedInt(bytes[start++]);
            }
        }
        return length > limit - start
                ? Optional.empty()
                : Optional.of(new DerElement(bytes, Byte.toUnsignedInt(bytes[at]), start, start + (int) length, limit));
    }

    /** The first element inside this one. */
    Optional<DerElement> first() {
        return at(bytes, start, end);
    }

    /** The element behind this one, in the same enclosing element. */
    Optional<DerElement> next() {
        return at(bytes, end, limit);
    }

    boolean is(int wanted) {
        return tag == wanted;
    }

    int length() {
        return end - start;
    }

    /** The content in upper-case hexadecimal with colons, as modinfo(8) prints it. */
    String hex() {
        String digits = "0123456789ABCDEF";
        StringBuilder hex = new StringBuilder(length() * 3);
        for (int i = start; i < end; i++) {
            if (i > start) {
                hex.append(':');
            }
            hex.append(digits.charAt(bytes[i] >> 4 & 0xf)).append(digits.charAt(bytes[i] & 0xf));
        }
        return hex.toString();
    }
}
