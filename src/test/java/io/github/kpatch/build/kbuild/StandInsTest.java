// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.source.KernelConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandInsTest {
    private static final String RUST = """
            CONFIG_RUST=y
            CONFIG_RUSTC_LLVM_VERSION=190107
            CONFIG_RUSTC_VERSION_TEXT="rustc 1.85.1 (4eb161250 2025-03-15) (built from a source tarball)"
            CONFIG_BINDGEN_VERSION_TEXT="bindgen 0.71.1"
            """;

    private final Path home;

    StandInsTest(@TempDir Path home) {
        this.home = home;
    }

    private StandIns of(String config) {
        StandIns standIns = new StandIns(home, KernelConfig.parse(config));
        standIns.write();
        return standIns;
    }

    private String says(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve(program).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void kbuildIsToldTheVersionOfThePaholeOfTheKernel() throws IOException {
        assertEquals(
                List.of("PAHOLE=" + home.resolve("pahole")),
                of("CONFIG_PAHOLE_VERSION=124\n").variables());
        assertEquals("v1.24", says("pahole", "--version"));
    }

    @Test
    void aKernelWithoutThemIsConfiguredWithoutThem() {
        assertEquals(
                List.of(),
                of("CONFIG_PAHOLE_VERSION=0\n# CONFIG_RUST is not set\n").variables());
    }

    @Test
    void theMakefilesOfAKernelWithRustDoNotCompileRust() {
        assertEquals(
                List.of("RUSTC=" + home.resolve("rustc"), "BINDGEN=" + home.resolve("bindgen"), "CONFIG_RUST="),
                of(RUST).variables());
    }

    @Test
    void theScriptsOfAKernelWithRustFindTheCompilerThatItWasBuiltWith() throws IOException {
        of(RUST);
        assertEquals("rustc 1.85.1 (4eb161250 2025-03-15) (built from a source tarball)", says("rustc", "--version"));
        assertEquals("LLVM version: 19.1.7", says("rustc", "--version", "--verbose"));
        assertEquals("bindgen 0.71.1", says("bindgen", "--version"));
        assertEquals("clang version 19.1.7", says("bindgen", "scripts/rust_is_available_bindgen_libclang.h"));
        Path library = Path.of(says("rustc", "--print", "sysroot"), "lib/rustlib/src/rust/library");
        assertTrue(Files.exists(library.resolve("core/src/lib.rs")));
    }

    @Test
    void thatOfAKernelWhichDoesNotSayOfWhichLlvmItIsIsNotTooOld() throws IOException {
        of(RUST.replace("CONFIG_RUSTC_LLVM_VERSION=190107\n", ""));
        assertEquals("clang version 17.0.6", says("bindgen", "scripts/rust_is_available_bindgen_libclang.h"));
    }

    @Test
    void noCodeIsCompiledByThem() throws IOException, InterruptedException {
        of(RUST);
        assertEquals(
                1,
                new ProcessBuilder(home.resolve("rustc").toString(), "a.rs")
                        .start()
                        .waitFor());
    }
}
