// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import java.nio.file.Path;
import java.time.Duration;

/** What an operation tells while it works. */
public interface Progress {

    /** A patch module is about to be loaded. */
    void loading(Path file);

    /** A patch module is about to be disabled. */
    void disabling(ModuleName name);

    /** A patch module is about to be removed from the kernel. */
    void unloading(ModuleName name);

    /** A file is about to be copied into the install DB. */
    void installing(Path file, String kernelVersion);

    /** A patch module is about to be removed from the install DB. */
    void uninstalling(String name, String kernelVersion);

    /** A transition is being waited for. */
    void waiting(Duration limit);

    /** Whether anybody looks at {@link #tasksLeft}: counting the tasks takes a walk through /proc. */
    boolean wantsTasksLeft();

    /** How many tasks have yet to switch in the transition that is being waited for. */
    void tasksLeft(int tasks);

    /** The transition that was waited for has ended. */
    void transitionComplete(Duration elapsed);

    /** A sentence that is good to know, about something that did not fail. */
    void note(String sentence);

    /** One of several things that were asked for failed; the others go on. */
    void failed(KpatchException failure);

    /** Where those that failed have been told, as in {@code the lines above}. */
    String failuresTold();

    /** The process is being interrupted; this is the state it leaves behind. */
    void interrupted(String sentence);
}
