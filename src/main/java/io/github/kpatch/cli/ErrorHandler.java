// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.cli.json.JsonDocument;
import io.github.kpatch.cli.json.JsonFailure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;

/** The one place where a failure becomes a line on standard error and an exit status. */
final class ErrorHandler {
    private final Console console;
    private final Optional<JsonDocument> document;
    private final boolean stackTraces;

    /** @param document where a failure is told as well, if there is one */
    ErrorHandler(Console console, Optional<JsonDocument> document, boolean stackTraces) {
        this.console = console;
        this.document = document;
        this.stackTraces = stackTraces;
    }

    /** Prints a failure as its sentence and the evidence for it. */
    static void print(KpatchException failure, Console console) {
        console.error("kpatch: " + failure.sentence());
        for (String line : failure.evidence()) {
            console.error("    " + line);
        }
    }

    ExitStatus handle(KpatchException failure) {
        print(failure, console);
        document.ifPresent(d -> d.fail(JsonFailure.of(failure)));
        trace(failure);
        return ExitStatus.of(failure.kind());
    }

    ExitStatus handle(UsageException failure, String help) {
        tell("usage", Sentence.of(String.valueOf(failure.getMessage()), "'" + help + "' shows how"));
        trace(failure);
        return ExitStatus.USAGE;
    }

    /** A fault of kpatch's own. */
    ExitStatus handleFault(Throwable fault) {
        tell(
                "internal",
                Sentence.of(
                        "internal error: " + fault, "please report it with what the same command prints under -v -v"));
        trace(fault);
        return ExitStatus.FAILED;
    }

    /** Standard output could not be written. Its reader may have had enough, which is no failure. */
    ExitStatus handleOutput(IOException failure) {
        if ("Broken pipe".equals(failure.getMessage())) {
            return ExitStatus.SUCCESS;
        }
        console.error("kpatch: standard output: " + failure.getMessage()
                + "; what was asked for was done, but could not be told");
        trace(failure);
        return ExitStatus.FAILED;
    }

    /** @param code the kind of failure as the document names it */
    private void tell(String code, Sentence sentence) {
        console.error("kpatch: " + sentence.text());
        document.ifPresent(d -> d.fail(JsonFailure.of(code, sentence, List.of())));
    }

    private void trace(Throwable failure) {
        if (stackTraces) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            text.toString().lines().forEach(line -> console.error(line.replace("\t", "    ")));
        }
    }
}
