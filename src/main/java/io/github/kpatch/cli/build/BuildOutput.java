// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import io.github.kpatch.build.Report;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.json.BuildJson;
import io.github.kpatch.cli.json.JsonFailure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import java.util.List;
import java.util.Optional;

/** Where a run tells what it comes to: in lines for people, or in one object; failures are on standard error as well. */
final class BuildOutput {
    private final Console console;
    private final PrintedBuild printed;
    private final Optional<BuildJson> document;

    BuildOutput(Console console, boolean json) {
        this.console = console;
        this.printed = new PrintedBuild(console);
        this.document = json ? Optional.of(new BuildJson(printed)) : Optional.empty();
    }

    BuildProgress progress() {
        return document.isPresent() ? document.get() : printed;
    }

    void report(Report report) {
        document.ifPresentOrElse(json -> json.report(report), () -> printed.print(report));
    }

    void fail(KpatchException failure) {
        fail(JsonFailure.of(failure), failure.parts());
    }

    /** @param code the kind of failure as the object names it */
    void fail(String code, Sentence sentence) {
        fail(JsonFailure.of(code, sentence, List.of()), sentence);
    }

    private void fail(JsonFailure failure, Sentence sentence) {
        console.error(BuildSyntax.PROGRAM + ": " + sentence.text());
        failure.evidence().forEach(line -> console.error("    " + line));
        document.ifPresent(json -> json.fail(failure));
    }

    void end() {
        document.ifPresent(json -> json.end().lines().forEach(console::line));
        console.flush();
    }
}
