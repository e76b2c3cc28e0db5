// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.kernelModule;
import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.ElfBuilder;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
    private final FakeMachine machine;

    BadInputTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    private void isRefused(byte[] content, String... words) throws IOException {
        isRefused(Files.write(machine.home().resolve("bad.ko"), content), words);
    }

    private void isRefused(Path file, String... words) {
        for (String command : List.of("load", "unload", "info", "install")) {
            machine.run(command, file)
                    .failsWith(4, file.toString())
                    .mentions(words)
                    .prints();
        }
        changedNothing();
    }

    private void changedNothing() {
        assertEquals(List.of(), machine.kernel().calls());
        assertEquals(List.of(), machine.kernel().loaded());
        assertFalse(Files.exists(machine.roots().installDb()));
    }

    @Test
    void aDirectory() throws IOException {
        isRefused(Files.createDirectory(machine.home().resolve("dir.ko")), "is a directory");
    }

    @Test
    void anEmptyFile() throws IOException {
        isRefused(new byte[0], "is empty");
    }

    @Test
    void aTextFile() throws IOException {
        isRefused("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII), "is not an ELF file");
    }

    @Test
    void aDevice() {
        isRefused(Path.of("/dev/null"), "is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 40, 63, 64, 300, 1500})
    void aTruncatedModule(int length) throws IOException {
        isRefused(Arrays.copyOf(patchModule("kpt_a").patches("vmlinux", "f").bytes(), length));
    }

    @Test
    void anElfOfTheWrongWordSize() throws IOException {
        byte[] module = patchModule("kpt_a").bytes();
        module[4] = 1;
        isRefused(module, "32");
    }

    @Test
    void aBitFlippedModuleIsReadOrRefusedButNeverBreaks() throws IOException {
        byte[] module = patchModule("kpt_a").patches("vmlinux", "f").bytes();
        Path file = machine.home().resolve("flipped.ko");
        for (int at = 0; at < module.length; at += 7) {
            byte[] flipped = module.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(file, flipped);
            Outcome outcome = machine.run("info", file);
            assertTrue(outcome.status() == 0 || outcome.status() == 4, outcome::toString);
            assertEquals(outcome.status() == 0 ? 0 : 1, outcome.stderr().lines().count(), outcome::toString);
        }
        changedNothing();
    }

    @Test
    void aModuleForAnotherMachine() {
        Path file = machine.file(patchModule("kpt_a").builtFor(183, ByteOrder.LITTLE_ENDIAN));
        machine.run("load", file).failsWith(4, "is built for aarch64, and this machine is x86_64");
        changedNothing();
        machine.withArchitecture("aarch64").run("load", file).succeeds();
    }

    @Test
    void aKernelModuleThatIsNoPatchModule() {
        isRefused(machine.file(kernelModule("ext4")), "is a kernel module but not a patch module");
    }

    @Test
    void anObjectFileThatIsNoModule() throws IOException {
        isRefused(new ElfBuilder().bytes(), "is an object file, not a kernel module");
    }

    @Test
    void aModuleForAnotherKernel() {
        Path file = machine.file(patchModule("kpt_a").vermagic("6.1.0-2-amd64 SMP"));
        machine.run("load", file)
                .failsWith(4, "is built for kernel 6.1.0-2-amd64, and the running kernel is 6.1.0-1-amd64");
        changedNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a\nb", ".."})
    void aModuleThatGivesItselfAHarmfulName(String name) throws IOException {
        isRefused(patchModule("").nameInModinfo(name).bytes(), "no module can have the name");
    }

    @Test
    void aMissingFile() {
        Path file = machine.home().resolve("missing.ko");
        for (String command : List.of("load", "unload", "info", "install")) {
            machine.run(command, file)
                    .failsWith(3, file + ": no such patch module")
                    .prints();
        }
        changedNothing();
    }

    @Test
    void aBrokenLink() throws IOException {
        Path link = Files.createSymbolicLink(machine.home().resolve("link.ko"), Path.of("nowhere"));
        machine.run("load", link).failsWith(3, "no such patch module");
        changedNothing();
    }

    @Test
    void aFileNameWithControlCharacters() throws IOException {
        Path file = Files.writeString(machine.home().resolve("a\n\u001b[31m.ko"), "text");
        machine.run("load", file).failsWith(4, "a\\u000a\\u001b[31m.ko: is not an ELF file");
        changedNothing();
    }

    @Test
    void aKernelWithoutLivepatch() {
        machine.kernel().withoutLivepatch();
        machine.run("load", machine.file(patchModule("kpt_a"))).failsWith(4, "has no livepatch");
        assertEquals(List.of(), machine.kernel().loaded());
        machine.run("unload", "kpt_a").failsWith(3);
        machine.run("wait").succeeds().prints("no transition is running");
    }
}
