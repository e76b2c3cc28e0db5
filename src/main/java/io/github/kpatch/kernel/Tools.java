// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a developer has on the machine, found as the shell finds it: make, compilers, what unpacks archives. */
public interface Tools {

    /** Where a program is, by the user's PATH; a path is taken as it is. */
    Optional<Path> find(String program);

    /**
     * Runs a program to its end, with no input.
     *
     * @param command the program and its arguments
     * @param directory where it runs
     * @param line called with each line that it prints, on either stream
     * @return its exit status
     * @throws io.github.kpatch.failure.KpatchException if it is not there, or {@link #stop} was called
     */
    int run(List<String> command, Path directory, Consumer<String> line);

    /**
     * Ends what was run in the name of a directory by a process that was killed, and runs all from now on in its name.
     * Call it when no other process can be running anything in that name.
     *
     * @param owner the directory, which has to be there
     * @return whether anything was still running
     * @throws io.github.kpatch.failure.KpatchException if it cannot be ended
     */
    boolean takeOver(Path owner);

    /** Ends what runs, with all that it started, and has nothing run any more; returns when it has ended. */
    void stop();
}
