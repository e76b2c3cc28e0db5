// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.operation.Progress;
import java.nio.file.Path;
import java.time.Duration;

/** Prints what an operation does. Scripts read these lines: their words do not change. */
final class PrintedProgress implements Progress {
    private final Console console;

    PrintedProgress(Console console) {
        this.console = console;
    }

    @Override
    public void loading(Path file) {
        console.lineNow("loading patch module: " + file);
    }

    @Override
    public void disabling(ModuleName name) {
        console.lineNow("disabling patch module: " + name);
    }

    @Override
    public void unloading(ModuleName name) {
        console.lineNow("unloading patch module: " + name);
    }

    @Override
    public void installing(Path file, String kernelVersion) {
        console.lineNow("installing " + file + " (" + kernelVersion + ")");
    }

    @Override
    public void uninstalling(String name, String kernelVersion) {
        console.lineNow("uninstalling " + name + " (" + kernelVersion + ")");
    }

    @Override
    public void waiting(Duration limit) {
        console.lineNow("waiting (up to " + limit.toSeconds() + " seconds) for patch transition to complete...");
    }

    @Override
    public boolean wantsTasksLeft() {
        return console.showsProgress();
    }

    @Override
    public void tasksLeft(int tasks) {
        console.progress(tasks == 1 ? "1 task has yet to switch" : tasks + " tasks have yet to switch");
    }

    @Override
    public void transitionComplete(Duration elapsed) {
        console.lineNow("transition complete (" + elapsed.toSeconds() + " seconds)");
    }

    @Override
    public void note(String sentence) {
        console.lineNow(sentence);
    }

    @Override
    public void failed(KpatchException failure) {
        ErrorHandler.print(failure, console);
    }

    @Override
    public String failuresTold() {
        return "the lines above";
    }

    @Override
    public void interrupted(String sentence) {
        console.error("kpatch: " + sentence);
    }
}
