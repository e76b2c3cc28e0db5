// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.symbols.KernelSymbolSource.Found;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.kernel.jna.LibZstd;
import io.github.kpatch.testing.ElfBuilder;
import io.github.kpatch.testing.FakeCompression;
import io.github.kpatch.testing.KernelBuilder;
import io.github.kpatch.testing.KernelBuilder.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSymbolSourceTest {
    private static final String RELEASE = "6.1.0-9-amd64";
    private static final Optional<String> VERSION = Optional.of("#1 SMP Debian 6.1.9-1 (2026-11-16)");
    private static final String PLACEHOLDER =
            "ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package\n";

    private final Path root;
    private final KernelSymbolSource source;

    KernelSymbolSourceTest(@TempDir Path root) {
        this.root = root;
        this.source = new KernelSymbolSource(new Roots(root), new LibZstd());
    }

    @BeforeEach
    void aMachineOfDebian() throws IOException {
        put("boot/System.map-" + RELEASE, PLACEHOLDER);
        put("proc/version", "Linux version " + RELEASE + " (b@h) (gcc 12, GNU ld 2) " + VERSION.orElseThrow() + "\n");
        put("proc/kallsyms", "0000000000000000 T _text\n0000000000000000 t init_once\t[ext4]\n");
    }

    private Path put(String path, String text) throws IOException {
        return put(path, text.getBytes(StandardCharsets.US_ASCII));
    }

    private Path put(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        return Files.write(file, content);
    }

    private byte[] vmlinuz() throws IOException {
        return KernelImageTest.inGzip(
                new KernelBuilder(Layout.OFFSETS_FIRST).filled().bytes());
    }

    private KpatchException failure(Optional<String> version) {
        return assertThrows(KpatchException.class, () -> source.of(RELEASE, version));
    }

    @Test
    void aRealSystemMapComesFirst() throws IOException {
        Path map = put("boot/System.map-" + RELEASE, "ffffffff81000000 T _text\n");
        put("boot/vmlinuz-" + RELEASE, vmlinuz());
        Found found = source.of(RELEASE, VERSION);
        assertEquals(map, found.file());
        assertTrue(found.addressesKnown());
    }

    @Test
    void aPlaceholderIsPassedOverForTheVmlinuz() throws IOException {
        Path vmlinuz = put("boot/vmlinuz-" + RELEASE, vmlinuz());
        Found found = source.of(RELEASE, VERSION);
        assertEquals(vmlinuz, found.file());
        assertEquals(1100, found.symbols().size());
    }

    @Test
    void aVmlinuzMayLieBesideTheModules() throws IOException {
        Path vmlinuz = put("lib/modules/" + RELEASE + "/vmlinuz", vmlinuz());
        assertEquals(vmlinuz, source.of(RELEASE, VERSION).file());
    }

    @Test
    void theRunningKernelIsAskedLast() {
        Found found = source.of(RELEASE, VERSION);
        assertEquals(root.resolve("proc/kallsyms"), found.file());
        assertEquals(List.of("_text"), found.symbols().names().toList());
        assertFalse(found.addressesKnown());
    }

    @Test
    void anotherKernelOrAnotherBuildIsNotAsked() throws IOException {
        KpatchException otherBuild = failure(Optional.of("#1 SMP Debian 6.1.9-2 (2026-11-17)"));
        assertTrue(otherBuild.evidence().get(4).contains("is of another build of " + RELEASE));
        assertTrue(failure(Optional.empty()).evidence().get(4).endsWith("may be of another build of " + RELEASE));
        put("proc/version", "Linux version 6.1.0-10-amd64 (b@h) (gcc 12, GNU ld 2) #1 SMP\n");
        KpatchException otherKernel = failure(VERSION);
        assertEquals(
                "there are no symbols of kernel " + RELEASE
                        + " on this machine; name its System.map, vmlinux or vmlinuz by --symbols",
                otherKernel.sentence());
        assertTrue(otherKernel.evidence().get(0).contains("The real System.map is in the linux-image-<version>-dbg"));
        assertTrue(otherKernel.evidence().get(2).endsWith("/boot/vmlinuz-" + RELEASE + ": is not there"));
        assertTrue(otherKernel.evidence().get(4).endsWith("is of another kernel, 6.1.0-10-amd64"));
    }

    @Test
    void aFileThatIsNamedIsKnownByItsContent() throws IOException {
        assertEquals(1100, source.in(put("a", vmlinuz())).symbols().size());
        assertEquals(
                1100, source.in(put("c", KernelImageTest.stripped())).symbols().size());
        assertEquals(
                1, source.in(put("b", "ffffffff81000000 T _text\n")).symbols().size());
        assertFalse(source.in(root.resolve("proc/kallsyms")).addressesKnown());
    }

    @Test
    void aFileThatIsNamedAndHasNoSymbolsIsAFailure() throws IOException {
        Path map = root.resolve("boot/System.map-" + RELEASE);
        KpatchException placeholder = assertThrows(KpatchException.class, () -> source.in(map));
        assertEquals(Failure.FAILED, placeholder.kind());
        assertTrue(placeholder.sentence().startsWith(map + ": is no list of symbols: it begins with \""));
        KpatchException missing = assertThrows(KpatchException.class, () -> source.in(root.resolve("none")));
        assertEquals(root.resolve("none") + ": is not there", missing.sentence());
        KpatchException directory = assertThrows(KpatchException.class, () -> source.in(root));
        assertEquals(root + ": is not a regular file", directory.sentence());
    }

    @Test
    void aModuleMayBeCompressed() throws IOException {
        byte[] module = new ElfBuilder()
                .section(".text", ElfBuilder.ALLOC | ElfBuilder.EXEC, new byte[8])
                .symbol("f", 2, ".text", 0, 8)
                .bytes();
        assertEquals(1, source.ofModule(put("m.ko", module)).size());
        assertEquals(
                1, source.ofModule(put("m.ko.xz", FakeCompression.xz(module))).size());
        Path text = put("x.ko", "x");
        KpatchException failure = assertThrows(KpatchException.class, () -> source.ofModule(text));
        assertEquals(text + ": is not an ELF file", failure.sentence());
    }
}
