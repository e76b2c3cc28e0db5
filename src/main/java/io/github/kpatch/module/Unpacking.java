// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/** Unpacks a compressed module in memory. A small file cannot make it use much: output and dictionary are bounded. */
public final class Unpacking {
    /** What even a small file may unpack to. */
    static final int ALWAYS_ALLOWED = 4 << 20;

    /** Beyond that, what a byte may unpack to. Modules unpack to 3 to 10 times their size. */
    static final int MAX_RATIO = 200;

    /** {@code xz -9} needs 65 MiB to unpack, and a module's file can be expected to have been made with it. */
    private static final int XZ_MEMORY_KIB = 72 << 10;

    private Unpacking() {}

    /** The content of a file, which may be compressed or not. */
    public static byte[] unpack(byte[] stored, Zstd zstd) throws NotAPatchModuleException {
        Compression compression = Compression.of(stored);
        return compression == Compression.NONE ? stored : bounded(stored, compression, zstd);
    }

    private static byte[] bounded(byte[] stored, Compression compression, Zstd zstd) throws NotAPatchModuleException {
        String tool = compression.tool();
        int limit = (int) Math.min(ModuleFile.roomFor(), Math.max(ALWAYS_ALLOWED, (long) MAX_RATIO * stored.length));
        try (InputStream unpacked = open(stored, compression, zstd)) {
            byte[] content = unpacked.readNBytes(limit);
            if (unpacked.read() >= 0) {
                throw new NotAPatchModuleException(
                        "is compressed with " + tool + " and unpacks to more than " + (limit >> 20) + " MiB");
            }
            return content;
        } catch (MemoryLimitException e) {
            throw new NotAPatchModuleException(
                    "is compressed with xz in a way that needs too much memory to unpack", e);
        } catch (IOException e) {
            throw new NotAPatchModuleException(
                    "is truncated or corrupt: " + tool + " data cannot be unpacked" + why(e, compression), e);
        }
    }

    /** libzstd tells more than that, such as that it would need too much memory. */
    private static String why(IOException e, Compression compression) {
        return compression == Compression.ZSTD ? " (" + e.getMessage() + ")" : "";
    }

    private static InputStream open(byte[] stored, Compression compression, Zstd zstd)
            throws IOException, NotAPatchModuleException {
        InputStream packed = new ByteArrayInputStream(stored);
        return switch (compression) {
            case NONE -> packed;
            case GZIP -> new GZIPInputStream(packed);
            case XZ -> new XZInputStream(packed, XZ_MEMORY_KIB);
            case ZSTD -> zstd.open(stored);
        };
    }
}
