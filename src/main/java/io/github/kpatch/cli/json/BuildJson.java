// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.build.Report;
import io.github.kpatch.build.source.BuildProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one object that a run of kpatch-build prints. */
public final class BuildJson implements BuildProgress {
    /** Raised when a member changes its meaning or goes away; not when one is added. */
    private static final int SCHEMA = 1;

    private final BuildProgress forPeople;
    private final List<String> notes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<Report> report = Optional.empty();
    private Optional<JsonFailure> error = Optional.empty();

    /**
     * Keeps what is told.
     *
     * @param forPeople where warnings are told as well
     */
    public BuildJson(BuildProgress forPeople) {
        this.forPeople = forPeople;
    }

    @Override
    public void step(String sentence) {
        // programs look at the end only
    }

    @Override
    public void passing(String text) {
        forPeople.passing(text);
    }

    @Override
    public void note(String sentence) {
        notes.add(sentence);
    }

    @Override
    public void warn(String sentence) {
        warnings.add(sentence);
        forPeople.warn(sentence);
    }

    /** What became of the build. */
    public void report(Report built) {
        report = Optional.of(built);
    }

    /** The failure that ended the run. */
    public void fail(JsonFailure failure) {
        error = Optional.of(failure);
    }

    /** The text of the document. */
    public String end() {
        Json json = new Json();
        json.number("schema", SCHEMA).text("command", "build");
        report.ifPresent(r -> write(json, r));
        json.texts("notes", notes).texts("warnings", warnings);
        error.ifPresent(failure -> json.object("error", () -> failure.write(json)));
        return json.end();
    }

    private static void write(Json json, Report report) {
        json.text("kernel", report.kernel()).text("module", report.module()).text("log", report.log());
        json.objects(
                "objects",
                report.objects(),
                object -> json.text("object", object.object())
                        .text("parent", object.parent())
                        .texts("changed", object.difference().changed())
                        .texts("new", object.difference().added())
                        .texts("removed", object.difference().removed())
                        .texts("refused", object.difference().refusals()));
        json.objects(
                "times",
                report.times(),
                time -> json.text("part", time.part())
                        .number("millis", time.duration().toMillis()));
    }
}
