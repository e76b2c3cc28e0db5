// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.store.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Has make read the Makefiles of a configured kernel tree, as only make understands all of them, and keeps what it found
 * for as long as none of them changes.
 */
public final class Makefiles {
    private static final Pattern NAME = Pattern.compile("(?:.*/)?(?:Kconfig|Makefile|Kbuild)[^/]*");
    private static final String SCRIPT = "objects.mk";
    private static final String END = "kpatch end";

    private final Path tree;
    private final String architecture;
    private final Path kept;
    private final Path script;
    private final ProgramRun programs;

    Makefiles(Path tree, String architecture, Path cache, ProgramRun programs) {
        this.tree = tree;
        this.architecture = architecture;
        this.kept = cache.resolve("objects");
        this.script = cache.resolve(SCRIPT);
        this.programs = programs;
    }

    /** Whether a file tells how a kernel or a module is built, by its name. */
    public static boolean isOne(String file) {
        return NAME.matcher(file).matches();
    }

    BuiltObjects read() {
        try {
            byte[] program = script();
            String header = "kpatch objects " + architecture + ' ' + Arrays.hashCode(program);
            Optional<BuiltObjects> known = known(header);
            if (known.isPresent()) {
                return known.get();
            }
            DurableFile.createDirectory(DurableFile.parent(script));
            DurableFile.write(script, program, DurableFile.PRIVATE);
            List<String> lines = run();
            BuiltObjects objects = BuiltObjects.parse(lines);
            List<String> text = new ArrayList<>(List.of(header));
            text.addAll(states(objects));
            text.addAll(lines);
            DurableFile.write(kept, String.join("\n", text).getBytes(StandardCharsets.UTF_8), DurableFile.PRIVATE);
            return objects;
        } catch (IOException e) {
            throw new KpatchException(
                    Failure.FAILED, tree + ": what is built of it cannot be kept: " + e.getMessage(), e);
        }
    }

    private static byte[] script() throws IOException {
        try (InputStream in = Objects.requireNonNull(Makefiles.class.getResourceAsStream(SCRIPT))) {
            return in.readAllBytes();
        }
    }

    private Optional<BuiltObjects> known(String header) throws IOException {
        if (Files.notExists(kept)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(kept);
        if (lines.isEmpty() || !lines.get(0).equals(header) || !lines.contains(END)) {
            return Optional.empty();
        }
        BuiltObjects objects = BuiltObjects.parse(lines.subList(1, lines.size()));
        List<String> states = states(objects);
        return lines.size() > states.size()
                        && lines.subList(1, states.size() + 1).equals(states)
                ? Optional.of(objects)
                : Optional.empty();
    }

    /** A line for each file that it all comes from. */
    private List<String> states(BuiltObjects objects) throws IOException {
        List<String> states = new ArrayList<>();
        for (String makefile : objects.makefiles()) {
            Path file = tree.resolve(makefile);
            if (!file.equals(script)) {
                states.add("state " + makefile + ' ' + (Files.exists(file) ? IncludeStore.state(file) : "gone"));
            }
        }
        return states;
    }

    private List<String> run() {
        String config = List.of("include/config/auto.conf", ".config").stream()
                .filter(file -> Files.exists(tree.resolve(file)))
                .findFirst()
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED, tree + ": has no .config", "configure the kernel's source first"));
        List<String> command = List.of(
                "make",
                "-s",
                "-rR",
                "-f",
                script.toAbsolutePath().toString(),
                "SRCARCH=" + architecture,
                "CONFIG=" + config,
                "kpatch-nothing");
        List<String> lines = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int status = programs.run(command, tree, line -> (line.startsWith("kpatch ") ? lines : others).add(line));
        if (!lines.contains(END)) {
            throw new KpatchException(
                    Failure.FAILED,
                    Sentence.of(
                            tree + ": make cannot read its Makefiles (exit status " + status + ")",
                            "is it the source of a kernel?"),
                    others.subList(Math.max(0, others.size() - 10), others.size()));
        }
        return lines;
    }
}
