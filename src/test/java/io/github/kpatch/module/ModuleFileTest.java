// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static io.github.kpatch.testing.FakeCompression.xz;
import static io.github.kpatch.testing.FakeCompression.xzWithCrc32;
import static io.github.kpatch.testing.FakeCompression.zstd;
import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.jna.LibZstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ModuleFileTest {
    private static final Zstd ZSTD = new LibZstd();

    @TempDir
    private Path directory = Path.of("");

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    private String refusal(byte[] stored) throws IOException {
        Path file = Files.write(directory.resolve("x.ko"), stored);
        return refusal(file);
    }

    private static String refusal(Path file) {
        return String.valueOf(
                assertThrows(NotAPatchModuleException.class, () -> read(file)).getMessage());
    }

    @Test
    void aPlainFileIsItsOwnContent() throws Exception {
        Path path = patchModule("a").writeTo(directory);
        ModuleFile file = read(path);
        assertEquals(path, file.path());
        assertEquals(Compression.NONE, file.compression());
        assertArrayEquals(Files.readAllBytes(path), file.content());
        assertEquals("a", file.module().name().toString());
    }

    @Test
    void aFileThatWasWrittenToOrReplacedIsAnotherOne() throws Exception {
        Path path = patchModule("a").writeTo(directory);
        FileIdentity read = read(path).identity();
        assertEquals(read, FileIdentity.of(Files.createSymbolicLink(directory.resolve("link"), path)));
        Thread.sleep(20); // the kernel's clock for this may have ticks of 10 ms
        Files.write(path, patchModule("a").bytes());
        FileIdentity written = FileIdentity.of(path);
        assertNotEquals(read, written);
        Path other = patchModule("b").writeTo(directory);
        Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
        assertNotEquals(written, FileIdentity.of(path));
    }

    @Test
    void ofABigFileThatIsNoModuleOnlyTheBeginningIsRead() throws Exception {
        Path sparse = directory.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(ModuleFile.MAX_SIZE); // more than the memory of this process
        }
        assertEquals("is not an ELF file", refusal(sparse));
    }

    @Test
    void compressionIsToldByContentAndNotByName() throws Exception {
        byte[] content = patchModule("a").bytes();
        Path file = directory.resolve("a.ko");
        assertArrayEquals(content, read(Files.write(file, gzip(content))).content());
        assertEquals(Compression.GZIP, read(file).compression());
        assertArrayEquals(content, read(Files.write(file, xz(content))).content());
        assertEquals(Compression.XZ, read(file).compression());
        assertArrayEquals(content, read(Files.write(file, zstd(content))).content());
        assertEquals(Compression.ZSTD, read(file).compression());
    }

    @Test
    void zstdNeedsALibraryOfTheSystem() throws Exception {
        NotAPatchModuleException none = new NotAPatchModuleException("is compressed with zstd; install libzstd1");
        Path file =
                Files.write(directory.resolve("a.ko.zst"), zstd(patchModule("a").bytes()));
        assertSame(
                none,
                assertThrows(
                        NotAPatchModuleException.class,
                        () -> ModuleFile.read(file, packed -> {
                            throw none;
                        })));
    }

    @Test
    void framesOfZstdMayFollowEachOther() throws Exception {
        byte[] content = patchModule("a").bytes();
        byte[] first = zstd(Arrays.copyOf(content, 100));
        byte[] second = zstd(Arrays.copyOfRange(content, 100, content.length));
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        assertArrayEquals(content, Unpacking.unpack(both, ZSTD));
    }

    @Test
    void whatZstdReadsIsNotFreedMeanwhile() throws Exception {
        byte[] content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        try (InputStream unpacked = ZSTD.open(zstd(content))) {
            byte[] read = new byte[content.length];
            for (int i = 0; i < content.length; i += 1 << 16) {
                System.gc();
                unpacked.readNBytes(read, i, 1 << 16);
            }
            assertArrayEquals(content, read);
        }
    }

    @Test
    void theKernelIsLeftOnlyWhatItUnpacks() throws Exception {
        byte[] content = patchModule("a").bytes();
        Path file = directory.resolve("a.ko");
        assertFalse(read(Files.write(file, xz(content))).isForKernel()); // it has a CRC64
        assertTrue(read(Files.write(file, xzWithCrc32(content))).isForKernel());
        assertTrue(read(Files.write(file, gzip(content))).isForKernel());
        assertTrue(read(Files.write(file, zstd(content))).isForKernel());
        byte[] twice = Arrays.copyOf(zstd(content), 2 * zstd(content).length);
        System.arraycopy(twice, 0, twice, twice.length / 2, twice.length / 2);
        assertFalse(Compression.ZSTD.isForKernel(twice));
        byte[] withComment = gzip(content);
        withComment[3] = 16; // RFC 1952, FLG.FCOMMENT
        assertFalse(Compression.GZIP.isForKernel(withComment));
    }

    @Test
    void truncatedCompressedFilesAreRefusedAtEveryLength() throws Exception {
        byte[] content = patchModule("a").bytes();
        for (byte[] packed : new byte[][] {gzip(content), xz(content), zstd(content)}) {
            for (int length = 0; length < packed.length; length++) {
                assertThrows(NotAPatchModuleException.class, unpacked(Arrays.copyOf(packed, length)));
            }
        }
    }

    private static ModuleFile read(Path file) throws Exception {
        return ModuleFile.read(file, ZSTD);
    }

    private static Executable unpacked(byte[] stored) {
        return () -> new PatchModuleReader().read(Unpacking.unpack(stored, ZSTD));
    }

    @Test
    void aBombIsRefused() throws Exception {
        byte[] zeros = new byte[Unpacking.ALWAYS_ALLOWED + 1];
        assertEquals("is compressed with gzip and unpacks to more than 4 MiB", refusal(gzip(zeros)));
        assertEquals("is compressed with xz and unpacks to more than 4 MiB", refusal(xz(zeros)));
        assertEquals("is compressed with zstd and unpacks to more than 4 MiB", refusal(zstd(zeros)));
    }

    @Test
    void onlyRegularFilesOfASensibleSizeAreRead() throws Exception {
        assertEquals("is a directory", refusal(directory));
        assertEquals("is not a regular file", refusal(Path.of("/dev/null")));
        assertEquals("is empty", refusal(new byte[0]));
        assertThrows(NoSuchFileException.class, () -> read(directory.resolve("none")));
        Path sparse = directory.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(ModuleFile.MAX_SIZE + 1);
        }
        assertEquals("is bigger than 1 GiB, which no kernel module is", refusal(sparse));
    }
}
