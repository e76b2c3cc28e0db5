// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

/** How a module's file is compressed, told from its first bytes; what the file is called says nothing. */
public enum Compression {
    NONE(""),
    /** RFC 1952, "Member header". */
    GZIP("\u001f\u008b"),
    /** The .xz file format, "Stream Header". */
    XZ("\u00fd7zXZ\0"),
    /** RFC 8878, "Zstandard Frames". */
    ZSTD("(\u00b5/\u00fd");

    private final String magic;

    Compression(String magic) {
        this.magic = magic;
    }

    static Compression of(byte[] content) {
        for (Compression compression : values()) {
            if (compression != NONE && compression.begins(content)) {
                return compression;
            }
        }
        return NONE;
    }

    private boolean begins(byte[] content) {
        if (content.length < magic.length()) {
            return false;
        }
        for (int i = 0; i < magic.length(); i++) {
            if (Byte.toUnsignedInt(content[i]) != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
