// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.VmCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged kpatch-build, on a root that has what a machine with one of the kernels in the cache has. */
final class BuildHost {
    /** What is to be left over for our own process is part of what it promises. */
    private static final String MEMORY = "-Xmx512m";

    private static final Path PROGRAM = Path.of("target/kpatch/bin/kpatch-build");
    private static final Path PATCHES = Path.of("src/test/patches");

    private final String kernel;
    private final String release;
    private final Path place;
    private final Path root;

    private BuildHost(String kernel) {
        this.kernel = kernel;
        this.place = Path.of("target/it/build-" + kernel).toAbsolutePath();
        this.root = place.resolve("root");
        try {
            Files.createDirectories(out());
            Process process = new ProcessBuilder("scripts/lib/build-root", kernel, root.toString())
                    .inheritIO()
                    .start();
            assertEquals(0, process.waitFor());
            this.release = Files.readString(VmCache.directory().resolve("kernels/" + kernel + "/release"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A machine whose compiler is the one that the kernel was built with, or what scripts/setup made to be one. */
    static BuildHost of(String kernel) {
        return new BuildHost(kernel);
    }

    /** What is kept from one build to the next. */
    private Path home() {
        return place.resolve("home");
    }

    /** The tree that is patched and compiled in, below what is kept. */
    Path tree(Path home) {
        return home.resolve(release).resolve("tree");
    }

    /** Unpacks what the kernel was built from, as an administrator may have. */
    void unpackSources(Path directory) throws IOException, InterruptedException {
        Path archive = root.resolve("usr/src/linux-source-" + kernel + ".tar.xz");
        Process tar = new ProcessBuilder(
                        "tar", "-xf", archive.toString(), "-C", directory.toString(), "--strip-components=1")
                .inheritIO()
                .start();
        assertEquals(0, tar.waitFor());
    }

    /** Where modules are put. */
    Path out() {
        return place.resolve("out");
    }

    /** One of our patches, in the version for this kernel where that has other lines there. */
    Path patch(String name) {
        Path own = PATCHES.resolve(kernel).resolve(name + ".patch");
        return Files.exists(own) ? own : PATCHES.resolve(name + ".patch");
    }

    /** Builds one module from patches, which has to succeed. Its file is called after it, and has never changed since. */
    BuiltModule build(String name, String... patches) {
        return build(name, List.of(), patches);
    }

    BuiltModule build(String name, List<String> options, String... patches) {
        List<String> arguments = new ArrayList<>(List.of("--name", name));
        arguments.addAll(options);
        for (String patch : patches) {
            arguments.add(patch(patch).toString());
        }
        Outcome outcome = run(arguments.toArray(String[]::new));
        assertEquals(0, outcome.status(), outcome::toString);
        Path module = out().resolve(name + ".ko");
        assertTrue(outcome.out().contains("built " + module), outcome::toString);
        return new BuiltModule(name, module, outcome);
    }

    Outcome run(String... arguments) {
        return run(command(home(), arguments));
    }

    /** Runs kpatch-build, as {@link #command} has it, to its end. */
    Outcome run(ProcessBuilder command) {
        try {
            Path out = Files.createTempFile("kpatch-build", ".out");
            Path err = Files.createTempFile("kpatch-build", ".err");
            Process process = command.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            int status = process.waitFor();
            Outcome outcome = new Outcome(
                    String.join(" ", command.command()), status, Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** kpatch-build, not yet started, with a directory of its own in place of {@code ~/.kpatch}. */
    ProcessBuilder command(Path home, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "scripts/lib/for-kernel",
                kernel,
                place.toString(),
                "--",
                PROGRAM.toString(),
                "-a",
                release,
                "-o",
                out().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CACHEDIR", home.toString());
        builder.environment().put("KPATCH_JAVA_OPTIONS", "-Dkpatch.root=" + root + " " + MEMORY);
        return builder;
    }
}
