// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** The programs on PATH, as processes of their own. */
public final class SystemTools implements Tools {
    /** What the caller's environment must not say to kbuild behind our back (Documentation/kbuild/kbuild.rst). */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "MAKEFLAGS",
            "MFLAGS",
            "MAKELEVEL",
            "MAKEFILES",
            "KBUILD_OUTPUT",
            "KBUILD_EXTMOD",
            "KCFLAGS",
            "KCPPFLAGS",
            "KAFLAGS",
            "KERNELRELEASE",
            "LOCALVERSION",
            "ARCH",
            "CROSS_COMPILE",
            "LLVM",
            "V");

    /** How long a program may take to end after it was told to, in seconds. */
    private static final int PATIENCE = 5;

    private final List<Path> directories;
    private final Logger log;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;
    private volatile Optional<String> owner = Optional.empty();

    /**
     * Looks for programs along a path.
     *
     * @param path the directories to look in, as the variable PATH has them
     */
    public SystemTools(String path, Logger log) {
        this.directories = Arrays.stream(path.split(":"))
                .filter(directory -> directory.startsWith("/"))
                .map(Path::of)
                .toList();
        this.log = log;
    }

    @Override
    public Optional<Path> find(String program) {
        Stream<Path> places = program.indexOf('/') >= 0
                ? Stream.of(Path.of(program))
                : directories.stream().map(d -> d.resolve(program));
        return places.filter(place -> Files.isExecutable(place) && !Files.isDirectory(place))
                .findFirst();
    }

    @Override
    public int run(List<String> command, Path directory, Consumer<String> line) {
        Path program = find(command.get(0))
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED, command.get(0) + ": is not on this machine", "install it, or set PATH"));
        List<String> words = new ArrayList<>(command);
        words.set(0, program.toString());
        log.debug("running {} in {}", words, directory);
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeAll(NOT_PASSED_ON);
        builder.environment().put("LC_ALL", "C");
        owner.ifPresent(name -> builder.environment().put(Orphans.VARIABLE, name));
        try {
            return finish(start(builder), line);
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, program + ": cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KpatchException(Failure.FAILED, program + ": was interrupted", e);
        }
    }

    private Process start(ProcessBuilder builder) throws IOException {
        synchronized (running) { // so that none starts behind the back of stop
            if (stopped) {
                throw interrupted();
            }
            Process process = builder.start();
            running.add(process);
            return process;
        }
    }

    private static KpatchException interrupted() {
        return new KpatchException(Failure.FAILED, "interrupted");
    }

    private int finish(Process process, Consumer<String> line) throws IOException, InterruptedException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                line.accept(text);
            }
            int status = process.waitFor();
            if (stopped) {
                throw interrupted();
            }
            return status;
        } finally {
            end(process); // where the reader of its lines failed, nobody would
            running.remove(process);
        }
    }

    @Override
    public boolean takeOver(Path directory) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(directory, BasicFileAttributes.class);
            String name = String.valueOf(attributes.fileKey()); // however the path is written
            owner = Optional.of(name);
            return new Orphans(name).end();
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, directory + ": cannot be examined: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KpatchException(Failure.FAILED, "interrupted", e);
        }
    }

    @Override
    public void stop() {
        synchronized (running) {
            stopped = true;
        }
        running.forEach(SystemTools::end);
    }

    /** Its children are told as well: make would wait for them. */
    private static void end(Process process) {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                process.waitFor(PATIENCE, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
