// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.kpatch.kernel.jna.LibZstd;
import io.github.kpatch.testing.FakeCompression;
import io.github.kpatch.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes there are: a patch module is read, or is refused by the package's own exception. */
class PatchModuleFuzzTest {
    private static final byte[] TRAILER = "~Module signature appended~\n".getBytes(StandardCharsets.US_ASCII);

    private static final Zstd ZSTD = new LibZstd();

    @MethodSource("io.github.kpatch.testing.Seeds#modules")
    @FuzzTest
    void aModuleIsReadOrRefused(byte[] content) {
        isDoneOrRefused(() -> {
            PatchModule module = new PatchModuleReader().read(content);
            for (PatchedObject object : module.objects()) {
                assertHarmless(object.name());
                object.functions().forEach(function -> assertHarmless(function.name()));
            }
            module.checksum().ifPresent(text -> assertHarmless(text.replace(" ", "")));
            assertNotNull(module.architecture() + module.kernelRelease() + module.cves() + module.patchesAllOf(module));
        });
        isDoneOrRefused(() -> {
            ModuleImports imports = ImportsReader.read(content);
            imports.looked()
                    .forEach(symbol ->
                            assertHarmless(symbol.object() + symbol.symbol().name()));
            imports.exported().forEach(symbol -> assertHarmless(symbol.name()));
        });
    }

    static Stream<byte[]> storedFiles() throws IOException {
        byte[] module = patchModule("kpt_a").bytes();
        return Stream.of(module, ModuleFileTest.gzip(module), FakeCompression.xz(module), FakeCompression.zstd(module));
    }

    @MethodSource("storedFiles")
    @FuzzTest
    void aStoredFileIsUnpackedWithinItsLimitsOrRefused(byte[] stored) {
        isDoneOrRefused(() -> {
            byte[] unpacked = Unpacking.unpack(stored, ZSTD);
            assertTrue(unpacked.length <= Math.max(Unpacking.ALWAYS_ALLOWED, Unpacking.MAX_RATIO * stored.length));
            assertNotNull(new PatchModuleReader().read(unpacked));
        });
    }

    static Stream<byte[]> signatures() {
        byte[] signed = SignatureReaderTest.signed();
        return Stream.of(Arrays.copyOf(signed, signed.length - TRAILER.length));
    }

    @MethodSource("signatures")
    @FuzzTest
    void aSignatureIsReadOrMalformed(byte[] signature) {
        byte[] signed = ByteBuffer.allocate(signature.length + TRAILER.length)
                .put(signature)
                .put(TRAILER)
                .array();
        ModuleSignature read = SignatureReader.read(signed).orElseThrow();
        if (read instanceof ModuleSignature.Signed good) {
            assertTrue(good.key().matches("([0-9A-F]{2}(:[0-9A-F]{2})*)?"), good.key());
        }
    }

    static Stream<byte[]> modinfo() {
        return Seeds.texts(
                "license=GPL\0vermagic=6.1.0-1-amd64 SMP preempt \0\0name=a\0",
                "cve=CVE-2024-1086 CVE-2024-26581\0cve=CVE-2023-0386,\0");
    }

    @MethodSource("modinfo")
    @FuzzTest
    void modinfoIsReadOrRefused(byte[] section) {
        isDoneOrRefused(() -> {
            ModinfoSection modinfo = ModinfoSection.parse(section);
            for (ModinfoField field : modinfo.fields()) {
                assertTrue(!field.key().isEmpty() && field.key().indexOf('=') < 0);
                assertNotNull(Vermagic.parse(field.value()).release());
                ModuleName.fromArgument(field.value()).ifPresent(name -> assertHarmless(name.toString()));
            }
            Cve.in(modinfo.fields()).forEach(cve -> assertHarmless(cve.toString()));
        });
    }

    static Stream<byte[]> names() {
        return Seeds.texts("kpatch-9.ko\nkpatch-10.ko\nkpatch-1.0~rc1.ko", "a.1\na.b\na~", "\n.\n..");
    }

    @MethodSource("names")
    @FuzzTest
    void theOrderOfVersionsIsTotal(byte[] content) {
        String[] names = new String(content, StandardCharsets.ISO_8859_1).split("\n", 4);
        VersionOrder order = new VersionOrder();
        for (String a : names) {
            for (String b : names) {
                int ab = order.compare(a, b);
                assertEquals(a.equals(b), ab == 0);
                assertEquals(Integer.signum(ab), -Integer.signum(order.compare(b, a)));
                for (String c : names) {
                    assertTrue(ab > 0 || order.compare(b, c) > 0 || order.compare(a, c) <= 0);
                }
            }
        }
    }

    private interface Reading {
        void run() throws NotAPatchModuleException;
    }

    private static void isDoneOrRefused(Reading reading) {
        try {
            reading.run();
        } catch (NotAPatchModuleException expected) {
            assertTrue(String.valueOf(expected.getMessage()).startsWith("is "), expected.getMessage());
        }
    }

    private static void assertHarmless(String text) {
        assertTrue(text.chars().allMatch(c -> c > ' ' && c <= '~'), text);
    }
}
