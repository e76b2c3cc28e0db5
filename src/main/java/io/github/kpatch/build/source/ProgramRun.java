// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Runs a program to its end. */
@FunctionalInterface
public interface ProgramRun {
    /**
     * Runs it with no input, and none of the caller's variables that kbuild heeds.
     *
     * @param command the program and its arguments
     * @param directory where it runs
     * @param line called with each line that it prints, on either stream
     * @return its exit status
     */
    int run(List<String> command, Path directory, Consumer<String> line);
}
