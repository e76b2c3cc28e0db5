// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import io.github.kpatch.testing.VmCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A running virtual machine with a shell in it, which is given one command after the other. */
final class Guest implements AutoCloseable {
    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(5);

    private static final Path RESULTS = Path.of("target", "it");

    private final String kernel;
    private final Optional<Path> disk;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private Guest(String kernel, Optional<Path> disk, Process process) {
        this.kernel = kernel;
        this.disk = disk;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Boots a kernel over the host's own file system. What the machine's console says is in target/it/. */
    static Guest boot(String kernel) {
        Guest guest = boot(kernel, Optional.empty(), List.of());
        guest.must("PATH=$PWD/target/kpatch/sbin:$PATH; mkdir -p /var/lib/kpatch");
        return guest;
    }

    /** Boots a small Debian of its own, with its own init, on a disk that keeps what is changed. */
    static Guest bootDebian(String kernel, Path disk, String... options) {
        List<String> all = new ArrayList<>(List.of("--disk", disk.toString(), "--init", "/lib/systemd/systemd"));
        all.addAll(List.of(
                "--root",
                VmCache.directory().resolve("roots/bookworm").toString(),
                "--share",
                "target",
                "--share",
                "src/test/guest"));
        all.addAll(List.of(options));
        return boot(kernel, Optional.of(disk), all);
    }

    private static Guest boot(String kernel, Optional<Path> disk, List<String> options) {
        Path console = RESULTS.resolve("console-" + kernel + "-" + System.nanoTime() + ".log");
        List<String> command =
                new ArrayList<>(List.of("scripts/vm", "--kernel", kernel, "--console", console.toString()));
        command.addAll(options);
        command.addAll(List.of("bash", "--norc"));
        try {
            Files.createDirectories(RESULTS);
            modulesFor(kernel);
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Guest guest = new Guest(kernel, disk, process);
            guest.must("M=$PWD/" + modules(kernel) + "; . src/test/guest/functions.sh");
            return guest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The disk that it was booted with. */
    Path disk() {
        return disk.orElseThrow();
    }

    /** The kernel, as scripts/vm calls it. */
    String kernel() {
        return kernel;
    }

    /** Where the test modules for a kernel are, for host and guest alike. */
    static Path modules(String kernel) {
        return RESULTS.resolve("modules-" + kernel);
    }

    /** Builds the test modules for a kernel, where they are not there. */
    static void modulesFor(String kernel) {
        try (FileChannel lock =
                        FileChannel.open(RESULTS.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) { // other classes are tested at the same time
            run(List.of(
                    "scripts/test-modules", "--kernel", kernel, modules(kernel).toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a shell command to its end. Variables and directories that it sets stay. */
    Outcome run(String command) {
        try {
            commands.write("{ " + command + "\n} </dev/null >/tmp/.out 2>/tmp/.err\n"
                    + "echo \"$? $(base64 -w0 /tmp/.out) $(base64 -w0 /tmp/.err) .\"\n");
            commands.flush();
            String answer = CompletableFuture.supplyAsync(this::answer)
                    .orTimeout(LONGEST_COMMAND.toSeconds(), TimeUnit.SECONDS)
                    .join();
            String[] words = answer.split(" ", -1);
            return new Outcome(command, Integer.parseInt(words[0]), decode(words[1]), decode(words[2]));
        } catch (IOException e) {
            throw new UncheckedIOException("the guest is gone at: " + command, e);
        }
    }

    /** Runs a shell command that has to succeed, and gives what it printed. */
    String must(String command) {
        Outcome outcome = run(command);
        if (outcome.status() != 0) {
            throw new AssertionError(outcome.toString());
        }
        return outcome.out().strip();
    }

    /** Unloads everything by the shell alone, and empties the install DB. */
    void reset() {
        must("reset_guest");
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("end of the guest's output");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String text = String.join("\n", output.lines().toList());
            if (process.waitFor() != 0) {
                throw new IOException(command + ": " + text);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public String toString() {
        return "Linux " + kernel;
    }
}
