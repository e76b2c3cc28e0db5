// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.kpatch.kernel.jna.LibZstd;
import io.github.kpatch.testing.ElfBuilder;
import io.github.kpatch.testing.FakeCompression;
import io.github.kpatch.testing.KernelBuilder;
import io.github.kpatch.testing.KernelBuilder.Layout;
import io.github.kpatch.testing.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes there are: they have symbols in them, or are refused by the package's own exception. */
class SymbolsFuzzTest {
    @TempDir
    private Path directory = Path.of("");

    private static byte[] kernel(Layout layout) {
        return new KernelBuilder(layout).filled().symbol('d', "init.1").bytes();
    }

    static Stream<byte[]> images() throws IOException {
        byte[] kernel = kernel(Layout.OFFSETS_LAST);
        byte[] elf = new ElfBuilder()
                .section(".text", ElfBuilder.ALLOC | ElfBuilder.EXEC, new byte[8])
                .section(".comment", 0, new byte[] {'G', 0})
                .symbol("f", 2, ".text", 0, 8)
                .bytes();
        return Stream.of(
                elf,
                KernelImageTest.stripped(),
                KernelImageTest.inGzip(kernel),
                KernelBuilder.bootImage(KernelImageTest.lz4(kernel), kernel.length, false),
                KernelBuilder.bootImage(FakeCompression.xzForKernel(kernel), kernel.length, false),
                KernelBuilder.bootImage(FakeCompression.zstd(kernel), kernel.length, false));
    }

    private KernelImage image(byte[] content) throws NoSymbolsException {
        try {
            return KernelImage.read(Files.write(directory.resolve("kernel"), content), new LibZstd());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @MethodSource("images")
    @FuzzTest
    void anImageIsReadOrRefused(byte[] content) {
        isDoneOrRefused(() -> {
            KernelImage image = image(content);
            assertNotNull(image.banner().flatMap(Banner::compiler));
            assertNotNull(image.compilerComment());
            canBeAsked(image.symbols());
        });
    }

    static Stream<byte[]> tables() {
        return Stream.of(Layout.values()).map(SymbolsFuzzTest::kernel);
    }

    @MethodSource("tables")
    @FuzzTest
    void theKernelsOwnTableIsReadOrRefused(byte[] kernel) {
        isDoneOrRefused(() -> canBeAsked(ParentSymbols.ofKernel(KernelTableReader.read(kernel))));
    }

    /** Each byte of the table is spoiled in turn, as far as time allows. */
    @Test
    void aTableWithOneWrongByteIsReadOrRefused() {
        for (Layout layout : Layout.values()) {
            byte[] kernel = kernel(layout);
            for (int i = 4000; i < kernel.length - 4000; i += 101) {
                byte[] spoiled = kernel.clone();
                spoiled[i] ^= (byte) 0x81;
                isDoneOrRefused(() -> canBeAsked(ParentSymbols.ofKernel(KernelTableReader.read(spoiled))));
            }
        }
    }

    static Stream<byte[]> texts() {
        return Seeds.texts("ffffffff81000000 T _text\nffffffff81000010 t a.llvm.1\nffffffff81000020 t a\t[m]\n", """
                Symbol table '.symtab' contains 2 entries:
                  1: 0000000000000000     0 FILE    LOCAL  DEFAULT  ABS a.c
                  2: ffffffff81000050 0x10 FUNC    LOCAL  DEFAULT [x]   1 f
                """);
    }

    @MethodSource("texts")
    @FuzzTest
    void aTextIsReadOrRefused(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        isDoneOrRefused(
                () -> canBeAsked(ParentSymbols.ofKernel(SymbolText.of(text).symbols())));
        isDoneOrRefused(() -> canBeAsked(ParentSymbols.ofReadelf(text, true)));
        isDoneOrRefused(() -> canBeAsked(ParentSymbols.ofReadelf(text, false)));
        isDoneOrRefused(() -> canBeAsked(ParentSymbols.ofModule(content)));
    }

    private static void canBeAsked(ParentSymbols parent) {
        assertTrue(parent.size() > 0);
        List<ObjectSymbol> defined = parent.names()
                .limit(20)
                .map(name -> new ObjectSymbol(name, true, true, 1, ".text." + name))
                .toList();
        ObjectSymbols object = parent.of(defined, Optional.of("a.c"));
        for (ObjectSymbol symbol : defined) {
            assertNotNull(object.position(symbol.name(), true));
            assertNotNull(object.position(symbol.name(), false));
        }
    }

    private interface Reading {
        void run() throws NoSymbolsException;
    }

    private static void isDoneOrRefused(Reading reading) {
        try {
            reading.run();
        } catch (NoSymbolsException expected) {
            assertFalse(String.valueOf(expected.getMessage()).isEmpty());
        }
    }
}
