// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel.jna;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.Zstd;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;

/**
 * The system's libzstd, loaded when it is first needed. Only its stable interface is used (zstd.h, "Streaming
 * decompression"), whose window is bounded to 128 MiB by default.
 */
public final class LibZstd implements Zstd {
    private static final String NAME = "libzstd.so.1";

    @Override
    public InputStream open(byte[] packed) throws IOException, NotAPatchModuleException {
        try {
            return new Unpacked(NativeLibrary.getInstance(NAME), packed);
        } catch (LinkageError e) { // of the library, or of JNA itself
            throw new NotAPatchModuleException(
                    "is compressed with zstd, and " + NAME + " cannot be loaded to unpack it",
                    "install the package libzstd1 or libzstd, or unpack the file with zstd -d",
                    e);
        }
    }

    /** A stream over one context of the library. */
    private static final class Unpacked extends InputStream {
        private static final int CHUNK = 1 << 17;

        private final Function decompress;
        private final Function isError;
        private final Function errorName;
        private final Function free;
        private final Pointer context;
        private final Buffer input;
        private final Buffer output = new Buffer(new Memory(CHUNK), 0);
        private int taken;
        private boolean frameEnded = true;

        Unpacked(NativeLibrary library, byte[] packed) throws IOException {
            decompress = library.getFunction("ZSTD_decompressStream");
            isError = library.getFunction("ZSTD_isError");
            errorName = library.getFunction("ZSTD_getErrorName");
            free = library.getFunction("ZSTD_freeDStream");
            Memory in = new Memory(Math.max(1, packed.length));
            in.write(0, packed, 0, packed.length);
            input = new Buffer(in, packed.length);
            context = library.getFunction("ZSTD_createDStream").invokePointer(new Object[0]);
            if (context == null) {
                throw new IOException("out of memory");
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (taken == output.position()) {
                if (!fill()) {
                    return -1;
                }
            }
            int count = (int) Math.min(length, output.position() - taken);
            output.content.read(taken, bytes, offset, count);
            taken += count;
            return count;
        }

        /** Unpacks some more; false at the end of the last frame. */
        private boolean fill() throws IOException {
            boolean inputGone = input.position() == input.size();
            if (inputGone && frameEnded) {
                return false;
            }
            taken = 0;
            output.reset(CHUNK);
            long hint = decompress();
            if (isError.invokeInt(new Object[] {hint}) != 0) {
                throw new IOException(errorName.invokeString(new Object[] {hint}, false));
            }
            frameEnded = hint == 0;
            if (inputGone && output.position() == 0) {
                throw new IOException("the zstd data ends too soon");
            }
            return true;
        }

        private long decompress() {
            try {
                return decompress.invokeLong(new Object[] {context, output.struct, input.struct});
            } finally {
                Reference.reachabilityFence(this); // and what the buffers point to with it
            }
        }

        @Override
        public void close() {
            free.invokeLong(new Object[] {context});
        }
    }

    /** {@code struct { void *; size_t size; size_t pos; }}: ZSTD_inBuffer and ZSTD_outBuffer. */
    private static final class Buffer {
        private static final int SIZE = 8;
        private static final int POSITION = 16;

        final Memory struct = new Memory(24);
        /** The struct has only its address, which keeps it from being freed no more than any number does. */
        final Memory content;

        Buffer(Memory content, long size) {
            this.content = content;
            struct.setPointer(0, content);
            reset(size);
        }

        void reset(long size) {
            struct.setLong(SIZE, size);
            struct.setLong(POSITION, 0);
        }

        long size() {
            return struct.getLong(SIZE);
        }

        long position() {
            return struct.getLong(POSITION);
        }
    }
}
