// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.SingleXZInputStream;

/**
 * The compressed kernel in a bzImage, as distributions install it as {@code vmlinuz}: what the setup header says of it
 * (Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header") leads to the payload, and the payload's last four
 * bytes tell how big it is unpacked (gzip's own, and for the other formats put there by the kernel's build).
 */
final class BootImage {
    /** No kernel unpacks to more. */
    private static final int MAX_UNPACKED = 512 << 20;

    private static final int SETUP_SECTORS = 0x1f1;
    private static final int MAGIC_AT = 0x202;
    private static final int MAGIC = 0x53726448; // "HdrS"
    private static final int VERSION = 0x206;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;
    private static final int HEADER_END = 0x250;
    private static final int WITH_PAYLOAD = 0x208;
    private static final int SECTOR = 512;
    private static final int SIZE_BYTES = 4;

    /** The kernel's build gives xz a dictionary of up to 128 MiB. */
    private static final int XZ_MEMORY_KIB = 160 << 10;

    private static final int GZIP_MAGIC = 0x8b1f;
    private static final int ZSTD_MAGIC = 0xFD2FB528;
    private static final int XZ_MAGIC = 0x587a37fd;

    private BootImage() {}

    /** Whether a file that begins so is a bzImage. */
    static boolean is(byte[] beginning) {
        return beginning.length >= HEADER_END && little(beginning).getInt(MAGIC_AT) == MAGIC;
    }

    /** The kernel in a bzImage: an ELF file without a symbol table, for x86-64. */
    static byte[] kernelIn(byte[] image, Zstd zstd) throws NoSymbolsException {
        ByteBuffer header = little(image);
        if (Short.toUnsignedInt(header.getShort(VERSION)) < WITH_PAYLOAD) {
            throw new NoSymbolsException("is a kernel image of a boot protocol before 2.08, which does not tell where"
                    + " the kernel is in it");
        }
        int sectors = Byte.toUnsignedInt(image[SETUP_SECTORS]);
        long start =
                SECTOR * (1L + (sectors == 0 ? 4 : sectors)) + Integer.toUnsignedLong(header.getInt(PAYLOAD_OFFSET));
        long length = Integer.toUnsignedLong(header.getInt(PAYLOAD_LENGTH));
        if (length <= 2 * SIZE_BYTES || start + length > image.length) {
            throw new NoSymbolsException("is truncated or corrupt: the kernel in it lies beyond its end");
        }
        return unpack(Arrays.copyOfRange(image, (int) start, (int) (start + length)), zstd);
    }

    private static byte[] unpack(byte[] payload, Zstd zstd) throws NoSymbolsException {
        long size = Integer.toUnsignedLong(little(payload).getInt(payload.length - SIZE_BYTES));
        if (size == 0 || size > MAX_UNPACKED || size > Runtime.getRuntime().maxMemory() / 2) {
            throw new NoSymbolsException("holds a kernel that is said to unpack to " + (size >> 20)
                    + " MiB, which is more than can be or than there is memory for");
        }
        byte[] kernel = new byte[(int) size];
        byte[] packed = Arrays.copyOf(payload, payload.length - SIZE_BYTES);
        int magic = little(payload).getInt(0);
        try {
            if (magic == Lz4.MAGIC) {
                Lz4.unpack(packed, kernel);
            } else if ((magic & 0xffff) == GZIP_MAGIC) {
                fill(kernel, new GZIPInputStream(new ByteArrayInputStream(payload)));
            } else if (magic == XZ_MAGIC) {
                fill(kernel, new SingleXZInputStream(new ByteArrayInputStream(packed), XZ_MEMORY_KIB));
            } else if (magic == ZSTD_MAGIC) {
                fill(kernel, zstd.open(packed));
            } else {
                throw new NoSymbolsException("holds a kernel that is compressed neither with gzip, xz, zstd nor lz4");
            }
        } catch (NotAPatchModuleException e) {
            throw new NoSymbolsException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new NoSymbolsException("is corrupt: the kernel in it cannot be unpacked (" + e.getMessage() + ")", e);
        }
        return kernel;
    }

    private static void fill(byte[] kernel, InputStream unpacked) throws IOException {
        try (unpacked) {
            if (unpacked.readNBytes(kernel, 0, kernel.length) < kernel.length || unpacked.read() >= 0) {
                throw new IOException("it is not of the size that it says");
            }
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
