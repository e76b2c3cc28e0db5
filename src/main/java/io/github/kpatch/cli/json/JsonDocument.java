// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.operation.Progress;
import java.util.Optional;
import java.util.function.Consumer;

/** The one object that a run of the program prints: facts, what was done, and how it failed if it did. */
public final class JsonDocument {
    /** Raised when a member changes its meaning or goes away; not when one is added. */
    private static final int SCHEMA = 1;

    private final Optional<String> command;
    private final JsonProgress progress;
    private Consumer<Json> facts = json -> {};
    private Optional<JsonFailure> error = Optional.empty();

    /**
     * @param command the command that was called, if there is one of that name
     * @param forPeople where what goes wrong is told beside the document
     */
    public JsonDocument(Optional<String> command, Progress forPeople) {
        this.command = command;
        this.progress = new JsonProgress(forPeople);
    }

    /** Keeps what an operation tells. */
    public JsonProgress progress() {
        return progress;
    }

    /** What the command found out; written when the document ends. */
    public void facts(Consumer<Json> writer) {
        facts = writer;
    }

    /** The failure that ended the run. */
    public void fail(JsonFailure failure) {
        error = Optional.of(failure);
    }

    /** The text of the document. */
    public String end() {
        Json json = new Json();
        json.number("schema", SCHEMA).text("command", command);
        facts.accept(json);
        progress.write(json);
        error.ifPresent(failure -> json.object("error", () -> failure.write(json)));
        return json.end();
    }
}
