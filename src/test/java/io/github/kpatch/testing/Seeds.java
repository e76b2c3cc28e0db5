// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import static io.github.kpatch.testing.PatchModuleBuilder.coreModule;
import static io.github.kpatch.testing.PatchModuleBuilder.kernelModule;
import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What fuzzing begins with, and all that fuzz tests run on in an ordinary build. */
public final class Seeds {
    /** The directory with the kernel modules of the tests, where scripts/fuzz has built them. */
    private static final String DIRECTORY = "kpatch.seeds";

    private Seeds() {}

    /** Modules of every make. */
    public static Stream<byte[]> modules() {
        List<byte[]> modules = new ArrayList<>(List.of(
                patchModule("kpt_a")
                        .patches("vmlinux", "f", "g")
                        .patchesNth("ext4", "h", 2)
                        .replace(true)
                        .field("cve", "CVE-2024-1086, CVE-2024-26581")
                        .buildId("0123456789abcdef")
                        .bytes(),
                patchModule("kpt_b")
                        .patches("vmlinux", "f", "g")
                        .patches("ext4", "h")
                        .checksum("0123456789abcdef")
                        .madeByKpatchBuild()
                        .bytes(),
                patchModule("kpt_c")
                        .patches("vmlinux", "f", "g")
                        .patches("ext4", "h")
                        .madeByKlpBuild()
                        .needs("printk", 0x12345678)
                        .version("module_layout", -1)
                        .looksUp("vmlinux", "do_it", 1)
                        .bytes(),
                patchModule("kpt_d")
                        .patches("vmlinux", "f")
                        .builtFor(22, ByteOrder.BIG_ENDIAN)
                        .bytes(),
                coreModule("kpt_e").patches("vmlinux", "f").bytes(),
                kernelModule("ext4").needs("printk").bytes(),
                new ElfBuilder().section(".text", ElfBuilder.ALLOC, new byte[8]).bytes()));
        modules.addAll(fromDisk());
        return modules.stream();
    }

    /** Texts, as bytes. */
    public static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<byte[]> fromDisk() {
        String directory = System.getProperty(DIRECTORY, "");
        if (directory.isEmpty()) {
            return List.of();
        }
        List<byte[]> modules = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".ko")).toList()) {
                modules.add(Files.readAllBytes(file));
            }
            return modules;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
