// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The programs on a developer's PATH: none, but for those that a test puts there. */
public final class FakeTools implements Tools {
    /** What a program does. */
    @FunctionalInterface
    public interface Program {
        int run(List<String> command, Path directory, Consumer<String> line);
    }

    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final List<String> runs = new ArrayList<>();
    private boolean orphans;

    public FakeTools has(String name, Program program) {
        programs.put(name, program);
        return this;
    }

    /** Puts a program there that prints lines and ends with a status. */
    public FakeTools has(String name, int status, String... lines) {
        return has(name, (command, directory, line) -> {
            List.of(lines).forEach(line);
            return status;
        });
    }

    /** Has something run on that a process which was killed had started. */
    public void hasOrphans() {
        orphans = true;
    }

    @Override
    public boolean takeOver(Path owner) {
        boolean ended = orphans;
        orphans = false;
        return ended;
    }

    @Override
    public Optional<Path> find(String program) {
        return programs.containsKey(nameOf(program))
                ? Optional.of(Path.of("/usr/bin", nameOf(program)))
                : Optional.empty();
    }

    private static String nameOf(String program) {
        return program.startsWith("/usr/bin/") ? program.substring("/usr/bin/".length()) : program;
    }

    @Override
    public int run(List<String> command, Path directory, Consumer<String> line) {
        runs.add(String.join(" ", command));
        Program program = programs.get(nameOf(command.get(0)));
        if (program == null) {
            throw new KpatchException(Failure.FAILED, command.get(0) + ": is not on this machine");
        }
        return program.run(command, directory, line);
    }

    @Override
    public void stop() {
        programs.clear();
    }

    /** The command lines that were run. */
    public List<String> runs() {
        return List.copyOf(runs);
    }
}
