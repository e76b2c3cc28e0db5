// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import com.sun.jna.NativeLibrary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.X86Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** Modules and kernels as {@code xz} and {@code zstd} leave them. */
public final class FakeCompression {
    private FakeCompression() {}

    public static byte[] xz(byte[] content) {
        return xz(content, XZ.CHECK_CRC64);
    }

    /** As {@code xz --check=crc32} does. */
    public static byte[] xzWithCrc32(byte[] content) {
        return xz(content, XZ.CHECK_CRC32);
    }

    private static byte[] xz(byte[] content, int check) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (XZOutputStream out = new XZOutputStream(packed, new LZMA2Options(0), check)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** As the kernel's own build does it: with a filter for x86 code. */
    public static byte[] xzForKernel(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        FilterOptions[] filters = {new X86Options(), new LZMA2Options()};
        try (XZOutputStream out = new XZOutputStream(packed, filters, XZ.CHECK_CRC32)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    public static byte[] zstd(byte[] content) {
        byte[] packed = new byte[content.length + 1000];
        long length = NativeLibrary.getInstance("libzstd.so.1")
                .getFunction("ZSTD_compress")
                .invokeLong(new Object[] {packed, (long) packed.length, content, (long) content.length, 3});
        return Arrays.copyOf(packed, (int) length);
    }
}
