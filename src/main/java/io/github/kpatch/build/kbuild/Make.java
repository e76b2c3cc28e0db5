// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Tools;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Calls make(1) in one kernel tree, always with the same variables, as kbuild compiles anew what they change. */
public final class Make {
    /** Enough to find what is wrong; a build that prints more has it in the log. */
    private static final int LINES_KEPT = 20_000;

    private final Tools tools;
    private final BuildLog log;
    private final Path kernel;
    private final Path tree;
    private final KbuildSettings settings;

    public Make(Tools tools, BuildLog log, Path tree, KbuildSettings settings) {
        this(tools, log, tree, tree, settings);
    }

    private Make(Tools tools, BuildLog log, Path kernel, Path tree, KbuildSettings settings) {
        this.tools = tools;
        this.log = log;
        this.kernel = kernel;
        this.tree = tree;
        this.settings = settings;
    }

    /** Has make work on the sources of a module from outside of the kernel's tree. */
    public Make onModule(Path sources) {
        return new Make(tools, log, kernel, sources, settings);
    }

    /** Where the sources and objects are that it works on. */
    public Path tree() {
        return tree;
    }

    /** Where the kernel's own files are, and make runs. */
    public Path kernel() {
        return kernel;
    }

    /**
     * Makes something.
     *
     * @param what what it is, for the sentence that says that it failed: "the kernel's headers"
     * @param arguments targets, and variables of this call
     */
    public void run(String what, List<String> arguments) {
        run(what, arguments, line -> {});
    }

    /** Makes something that takes a while, and tells each line that make prints. */
    void run(String what, List<String> arguments, Consumer<String> told) {
        List<String> command = new ArrayList<>(List.of("make", "--no-print-directory", "-j" + settings.jobs()));
        command.addAll(settings.variables());
        if (!tree.equals(kernel)) {
            command.addAll(settings.ofModule(tree));
        }
        command.addAll(arguments);
        log.line("$ cd " + kernel + " && " + quoted(command));
        ArrayDeque<String> lines = new ArrayDeque<>();
        int status = tools.run(command, kernel, line -> {
            log.line(line);
            told.accept(line);
            lines.add(line);
            if (lines.size() > LINES_KEPT) {
                lines.remove();
            }
        });
        if (status != 0) {
            throw new KpatchException(
                    Failure.FAILED,
                    Sentence.of(what + " could not be built", log.file() + " has all that make printed"),
                    BuildErrors.in(List.copyOf(lines)));
        }
    }

    private static String quoted(List<String> command) {
        List<String> words = new ArrayList<>();
        for (String word : command) {
            words.add(word.matches("[A-Za-z0-9_./=,:+-]+") ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return String.join(" ", words);
    }
}
