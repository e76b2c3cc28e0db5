// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.edit.RelocatableObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One C source compiled twice, as kernels are: as it is, and with {@code PATCHED} defined. */
public record CompiledPair(RelocatableObject original, RelocatableObject patched) {
    private static final List<String> KERNEL_FLAGS = List.of(
            "-c",
            "-O2",
            "-std=gnu11",
            "-ffreestanding",
            "-fno-pie",
            "-mcmodel=kernel",
            "-mno-red-zone",
            "-mno-sse",
            "-fno-strict-aliasing",
            "-fno-asynchronous-unwind-tables",
            "-fcf-protection=none",
            "-fno-stack-protector",
            "-pg",
            "-mfentry",
            "-ffunction-sections",
            "-fdata-sections");

    /** Compiles with {@code gcc} or {@code clang}. */
    public static CompiledPair of(Path directory, String compiler, String source) {
        return of(directory, compiler, source, source);
    }

    public static CompiledPair of(Path directory, String compiler, String original, String patched) {
        return new CompiledPair(
                compile(directory, compiler, original, "-DORIGINAL"),
                compile(directory, compiler, patched, "-DPATCHED"));
    }

    private static RelocatableObject compile(Path directory, String compiler, String source, String define) {
        try {
            Path file = Files.writeString(directory.resolve("source.c"), source);
            Path object = directory.resolve("object.o");
            List<String> command = new ArrayList<>(List.of(compiler));
            command.addAll(KERNEL_FLAGS);
            if (compiler.startsWith("gcc")) {
                command.add("-mrecord-mcount");
            }
            command.addAll(List.of(define, "-o", object.toString(), file.toString()));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertEquals(0, process.waitFor(), output);
            return RelocatableObject.parse(Files.readAllBytes(object));
        } catch (IOException | InterruptedException | MalformedElfException e) {
            throw new AssertionError(e);
        }
    }
}
