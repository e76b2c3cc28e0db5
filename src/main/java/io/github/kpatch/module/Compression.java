// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.nio.charset.StandardCharsets;

/** How a module's file is compressed, told from its first bytes; what the file is called says nothing. */
public enum Compression {
    NONE("", ""),
    /** RFC 1952, "Member header". */
    GZIP("gzip", "\u001f\u008b\b"),
    /** The .xz file format, "Stream Header". */
    XZ("xz", "\u00fd7zXZ\0"),
    /** RFC 8878, "Zstandard Frames". */
    ZSTD("zstd", "(\u00b5/\u00fd");

    private static final int GZIP_FLAGS = 3;
    private static final int GZIP_NAME = 8;
    private static final int XZ_CHECK = 7;
    private static final int XZ_CRC32 = 1;

    private final String tool;
    private final String magic;

    Compression(String tool, String magic) {
        this.tool = tool;
        this.magic = magic;
    }

    /** What it is called, also by the kernel (/sys/module/compression). */
    public String tool() {
        return tool;
    }

    static Compression of(byte[] content) {
        for (Compression compression : values()) {
            if (compression != NONE && compression.begins(content)) {
                return compression;
            }
        }
        return NONE;
    }

    /**
     * Whether a file that is compressed so is one that the kernel's own decompressors take, where it has them
     * (kernel/module/decompress.c): of gzip only the plainest headers, of each one stream, and xz without the CRC64 that
     * xz(1) uses by default (Documentation/staging/xz.rst).
     */
    boolean isForKernel(byte[] stored) {
        return switch (this) {
            case NONE -> true;
            case ZSTD -> isOnce(stored);
            case GZIP -> stored.length > GZIP_FLAGS && (stored[GZIP_FLAGS] & ~GZIP_NAME) == 0 && isOnce(stored);
            case XZ -> stored.length > XZ_CHECK && stored[XZ_CHECK] <= XZ_CRC32 && isOnce(stored);
        };
    }

    /** Whether the magic stands only at the beginning: of several streams in one file a kernel unpacks the first. */
    private boolean isOnce(byte[] stored) {
        String bytes = new String(stored, StandardCharsets.ISO_8859_1);
        return bytes.indexOf(magic, 1) < 0;
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
