// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import static io.github.kpatch.testing.KernelBuilder.bootImage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.jna.LibZstd;
import io.github.kpatch.testing.ElfBuilder;
import io.github.kpatch.testing.FakeCompression;
import io.github.kpatch.testing.KernelBuilder;
import io.github.kpatch.testing.KernelBuilder.Layout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelImageTest {
    private static final int GLOBAL_FUNCTION = 0x12;

    @TempDir
    private Path directory = Path.of("");

    private KernelImage read(byte[] content) throws IOException, NoSymbolsException {
        return KernelImage.read(Files.write(directory.resolve("kernel"), content), new LibZstd());
    }

    private String refusal(byte[] content) {
        return String.valueOf(
                assertThrows(NoSymbolsException.class, () -> read(content).symbols())
                        .getMessage());
    }

    private static byte[] kernel() {
        return new KernelBuilder(Layout.OFFSETS_LAST)
                .filled()
                .symbol('T', "last")
                .bytes();
    }

    static byte[] inGzip(byte[] kernel) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(kernel);
        }
        return bootImage(packed.toByteArray(), kernel.length, true);
    }

    /** Two blocks of literals: 16 bytes, and all the rest. */
    static byte[] lz4(byte[] content) {
        ByteBuffer packed = ByteBuffer.allocate(content.length + content.length / 255 + 100)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184C2102);
        literals(packed, Arrays.copyOf(content, 16));
        literals(packed, Arrays.copyOfRange(content, 16, content.length));
        return Arrays.copyOf(packed.array(), packed.position());
    }

    private static void literals(ByteBuffer packed, byte[] block) {
        int start = packed.position();
        packed.putInt(0).put((byte) 0xf0);
        int left = block.length - 15;
        for (; left >= 255; left -= 255) {
            packed.put((byte) 255);
        }
        packed.put((byte) left).put(block).putInt(start, packed.position() - start - 4);
    }

    @ParameterizedTest
    @EnumSource
    void theKernelsOwnTableIsReadInEveryLayout(Layout layout) throws Exception {
        boolean perCpu = layout.name().endsWith("PER_CPU_ABSOLUTE");
        String big = "_RNv" + "x".repeat(300);
        KernelBuilder builder = new KernelBuilder(layout);
        if (perCpu) {
            builder.symbol('A', "per_cpu_start", 0).symbol('A', "current_task", 0x1000);
        }
        builder.symbol('T', "_text")
                .symbol('t', big)
                .filled()
                .symbol('d', "init.1")
                .symbol('D', "last");
        SymbolList symbols = KernelTableReader.read(builder.bytes());
        int first = perCpu ? 2 : 0;
        assertEquals(first + 1104, symbols.size());
        assertEquals("_text", symbols.name(first));
        assertEquals(big, symbols.name(first + 1));
        assertEquals("filler_1099", symbols.name(first + 1101));
        assertEquals("init.1", symbols.name(first + 1102));
        assertEquals(16L * 1103, symbols.address(first + 1103) - symbols.address(first));
        assertTrue(symbols.is(first, SymbolList.GLOBAL) && symbols.is(first, SymbolList.TEXT));
        assertTrue(symbols.is(first + 1102, SymbolList.LOCAL) && symbols.is(first + 1102, SymbolList.DATA));
        assertTrue(!perCpu || (symbols.is(1, SymbolList.LOCAL) && symbols.is(1, SymbolList.GLOBAL)));
    }

    /** As of marks between sections: {@code __nosave_begin} in kernels with little in them. */
    @Test
    void aSymbolOfWhichNmKnowsNoTypeIsTakenForLocalOrGlobal() throws Exception {
        SymbolList symbols = KernelTableReader.read(new KernelBuilder(Layout.OFFSETS_LAST)
                .symbol('?', "__nosave_begin")
                .filled()
                .bytes());
        assertEquals("__nosave_begin", symbols.name(0));
        assertTrue(symbols.is(0, SymbolList.LOCAL) && symbols.is(0, SymbolList.GLOBAL));
    }

    @Test
    void theKernelIsFoundInABootImageHoweverItIsCompressed() throws Exception {
        byte[] kernel = kernel();
        for (byte[] packed : List.of(FakeCompression.xzForKernel(kernel), FakeCompression.zstd(kernel), lz4(kernel))) {
            assertEquals(
                    1101,
                    read(bootImage(packed, kernel.length, false)).symbols().size());
        }
        assertEquals(1101, read(inGzip(kernel)).symbols().size());
    }

    @Test
    void matchesOfLz4MayOverlapWhatTheyMake() throws Exception {
        byte[] packed = {0x02, 0x21, 0x4C, 0x18, 10, 0, 0, 0, 0x2f, 'a', 'b', 2, 0, 1, 0x30, 'x', 'y', 'z'};
        byte[] content = new byte[2 + 20 + 3];
        Lz4.unpack(packed, content);
        assertEquals("ab".repeat(11) + "xyz", new String(content, StandardCharsets.US_ASCII));
        for (int i = 0; i < packed.length; i++) {
            byte[] cut = Arrays.copyOf(packed, i);
            assertThrows(IOException.class, () -> Lz4.unpack(cut, content));
        }
        packed[11] = 3; // before the beginning
        assertThrows(IOException.class, () -> Lz4.unpack(packed, content));
    }

    @Test
    void theBannerTellsReleaseBuildAndCompiler() throws Exception {
        Banner banner = read(inGzip(kernel())).banner().orElseThrow();
        assertEquals("6.1.0-9-amd64", banner.release());
        assertEquals(Optional.of("#1 SMP Debian 6.1.9-1 (2026-11-16)"), banner.version());
        assertEquals(Optional.of("gcc-12 (Debian 12.2.0-14) 12.2.0"), banner.compiler());
        Banner clang = new Banner("Linux version 6.9.0 (root@h) (Debian clang version 16.0.6 (15~deb12u1), Debian LLD"
                + " 16.0.6) #7 SMP");
        assertEquals(Optional.of("Debian clang version 16.0.6 (15~deb12u1)"), clang.compiler());
        assertEquals(Optional.empty(), new Banner("Linux version 6.9.0").compiler());
    }

    @Test
    void aVmlinuxIsReadByItsSymbolTable() throws Exception {
        KernelImage image = read(new ElfBuilder()
                .section(".text", ElfBuilder.ALLOC | ElfBuilder.EXEC, new byte[64])
                .section(".debug_info", 0, new byte[64])
                .section(".comment", 0, "\0GCC: (Debian 12.2.0-14) 12.2.0\0".getBytes(StandardCharsets.US_ASCII))
                .symbol("b.c", 4, ".text", 0, 0)
                .symbol("twice", 2, ".text", 32, 8)
                .symbol(".Lhidden", 2, ".text", 40, 8)
                .symbol("a.c", 4, ".text", 0, 0)
                .symbol("twice", 2, ".text", 16, 8)
                .symbol("global", GLOBAL_FUNCTION, ".text", 0, 8)
                .bytes());
        assertEquals(Optional.of("GCC: (Debian 12.2.0-14) 12.2.0"), image.compilerComment());
        ParentSymbols symbols = image.symbols();
        assertEquals(List.of("global", "twice", "twice"), symbols.names().toList());
        List<ObjectSymbol> defined = List.of(new ObjectSymbol("twice", true, true, 8));
        assertEquals(new Position.At(2), symbols.of(defined, Optional.of("b.c")).position("twice", true));
        assertEquals(new Position.At(1), symbols.of(defined, Optional.of("a.c")).position("twice", true));
    }

    static byte[] stripped() {
        byte[] kernel = new KernelBuilder(Layout.OFFSETS_LAST).filled().bytes();
        return new ElfBuilder().section(".rodata", ElfBuilder.ALLOC, kernel).bytes();
    }

    @Test
    void aStrippedVmlinuxIsReadByTheKernelsOwnTable() throws Exception {
        KernelImage image = read(stripped());
        assertEquals(1100, image.symbols().size());
        assertEquals("6.1.0-9-amd64", image.banner().orElseThrow().release());
        assertEquals(Optional.empty(), image.compilerComment());
    }

    @Test
    void debuggingInformationIsNotRead() throws Exception {
        byte[] elf = new ElfBuilder()
                .section(".text", ElfBuilder.ALLOC, new byte[8])
                .section(".debug_info", 0, new byte[8])
                .symbol("f", 2, ".text", 0, 8)
                .bytes();
        long gigabytes = 3L << 30;
        Path file = Files.write(directory.resolve("vmlinux"), elf);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(gigabytes + elf.length);
            ByteBuffer header = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
            sparse.seek(header.getLong(40) + 2 * 64 + 32); // the size of the second section
            sparse.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(gigabytes)
                    .array());
        }
        assertEquals(1, KernelImage.read(file, new LibZstd()).symbols().size());
    }

    @Test
    void whatIsNoKernelIsRefusedInASentence() throws Exception {
        assertEquals("is no kernel: neither an ELF file nor a bzImage for x86", refusal(new byte[10]));
        assertEquals("has no table of symbols that makes sense (CONFIG_KALLSYMS)", refusal(inGzip(new byte[100_000])));
        byte[] image = inGzip(kernel());
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x24c, header.getInt(0x24c) - 8);
        assertTrue(refusal(image).startsWith("holds a kernel that is said to unpack to "), () -> refusal(image));
        header.putInt(0x24c, -1);
        assertEquals("is truncated or corrupt: the kernel in it lies beyond its end", refusal(image));
        header.putShort(0x206, (short) 0x207);
        assertTrue(refusal(image).startsWith("is a kernel image of a boot protocol before 2.08"));
        assertEquals(
                "holds a kernel that is compressed neither with gzip, xz, zstd nor lz4",
                refusal(bootImage(new byte[100], 100, false)));
        byte[] kernel = kernel();
        assertEquals(
                "is corrupt: the kernel in it cannot be unpacked (it is not of the size that it says)",
                refusal(bootImage(FakeCompression.zstd(kernel), kernel.length - 1, false)));
    }

    @Test
    void aTableWhoseAddressesDoNotRiseIsRefused() {
        byte[] kernel = new KernelBuilder(Layout.OFFSETS_LAST)
                .filled()
                .symbol('T', "late", 0xffffffff81000010L)
                .bytes();
        assertEquals(
                "has a table of symbols whose addresses do not rise in any way that is known",
                assertThrows(NoSymbolsException.class, () -> KernelTableReader.read(kernel))
                        .getMessage());
    }
}
