// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.operation.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps what an operation tells, for the document. */
public final class JsonProgress implements Progress {
    private final Progress forPeople;
    private final List<Consumer<Json>> steps = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<JsonFailure> failures = new ArrayList<>();

    /** @param forPeople where what went wrong is told as well */
    JsonProgress(Progress forPeople) {
        this.forPeople = forPeople;
    }

    void write(Json json) {
        json.objects("steps", steps, step -> step.accept(json));
        json.texts("notes", notes);
        json.objects("failures", failures, failure -> failure.write(json));
    }

    @Override
    public void loading(Path file) {
        steps.add(json -> json.text("step", "load").text("file", file));
    }

    @Override
    public void disabling(ModuleName name) {
        steps.add(json -> json.text("step", "disable").text("module", name));
    }

    @Override
    public void unloading(ModuleName name) {
        steps.add(json -> json.text("step", "unload").text("module", name));
    }

    @Override
    public void installing(Path file, String kernelVersion) {
        steps.add(json -> json.text("step", "install").text("file", file).text("kernel", kernelVersion));
    }

    @Override
    public void uninstalling(String name, String kernelVersion) {
        steps.add(json -> json.text("step", "uninstall").text("module", name).text("kernel", kernelVersion));
    }

    @Override
    public void waiting(Duration limit) {
        steps.add(json -> json.text("step", "wait").number("limitMillis", limit.toMillis()));
    }

    @Override
    public boolean wantsTasksLeft() {
        return false;
    }

    @Override
    public void tasksLeft(int tasks) {
        // nobody looks at it
    }

    @Override
    public void transitionComplete(Duration elapsed) {
        steps.add(json -> json.text("step", "transition-complete").number("elapsedMillis", elapsed.toMillis()));
    }

    @Override
    public void note(String sentence) {
        notes.add(sentence);
    }

    @Override
    public void failed(KpatchException failure) {
        failures.add(JsonFailure.of(failure));
        forPeople.failed(failure);
    }

    @Override
    public String failuresTold() {
        return "the failures";
    }

    @Override
    public void interrupted(String sentence) {
        forPeople.interrupted(sentence);
    }
}
