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
        Path file = directory.resolve("source.c");
        return new CompiledPair(
                compile(file, compiler, original, "-DORIGINAL"), compile(file, compiler, patched, "-DPATCHED"));
    }

    /** With one more flag. */
    public static CompiledPair with(String flag, Path directory, String compiler, String source) {
        Path file = directory.resolve("source.c");
        return new CompiledPair(
                compile(file, compiler, source, "-DORIGINAL", flag),
                compile(file, compiler, source, "-DPATCHED", flag));
    }

    /** Two sources, each compiled twice, that are then linked into one object. */
    public static CompiledPair linked(Path directory, String compiler, String first, String second) {
        return new CompiledPair(
                link(directory, compiler, List.of(first, second), "-DORIGINAL"),
                link(directory, compiler, List.of(first, second), "-DPATCHED"));
    }

    private static RelocatableObject link(Path directory, String compiler, List<String> sources, String define) {
        Path joined = directory.resolve("joined.o");
        List<String> command = new ArrayList<>(List.of("ld", "-r", "-o", joined.toString()));
        for (String source : sources) {
            Path file = directory.resolve("source" + command.size() + ".c");
            Path object = directory.resolve("part" + command.size() + ".o");
            write(object, compile(file, compiler, source, define).toBytes());
            command.add(object.toString());
        }
        run(command);
        return parse(joined);
    }

    private static RelocatableObject compile(Path file, String compiler, String source, String... flags) {
        write(file, source.getBytes(UTF_8));
        Path object = file.resolveSibling("object.o");
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(KERNEL_FLAGS);
        if (compiler.startsWith("gcc")) {
            command.add("-mrecord-mcount");
        }
        command.addAll(List.of(flags));
        command.addAll(List.of("-o", object.toString(), file.toString()));
        run(command);
        return parse(object);
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertEquals(0, process.waitFor(), output);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static RelocatableObject parse(Path object) {
        try {
            return RelocatableObject.parse(Files.readAllBytes(object));
        } catch (IOException | MalformedElfException e) {
            throw new AssertionError(e);
        }
    }
}
