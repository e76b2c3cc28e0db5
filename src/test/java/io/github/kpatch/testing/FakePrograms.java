// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.kernel.Programs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machine's other programs: none, but for those that a test puts there. */
public final class FakePrograms implements Programs {
    private record Program(Outcome outcome, Runnable effect) {}

    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final List<String> runs = new ArrayList<>();

    /** Puts a program there that ends with a status, having printed something. */
    public FakePrograms has(String program, int status, String output) {
        return has(program, status, output, () -> {});
    }

    /** Puts a program there that does something. */
    public FakePrograms has(String program, int status, String output, Runnable effect) {
        programs.put(program, new Program(new Outcome(status, output), effect));
        return this;
    }

    @Override
    public boolean has(String program) {
        return programs.containsKey(program);
    }

    @Override
    public Optional<Outcome> run(String... command) {
        runs.add(String.join(" ", command));
        Program program = programs.get(command[0]);
        if (program == null) {
            return Optional.empty();
        }
        program.effect().run();
        return Optional.of(program.outcome());
    }

    /** The command lines that were run, also of programs that are not there. */
    public List<String> runs() {
        return List.copyOf(runs);
    }
}
