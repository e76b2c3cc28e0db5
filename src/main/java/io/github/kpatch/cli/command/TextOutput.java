// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.OutputFile;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A text in a format of its own: it goes to a file, to standard output, or into the document. */
final class TextOutput {
    private static final String FILE = "--output-file";

    private TextOutput() {}

    static OptionSpec option(String description) {
        return Options.value("FILE", new String[] {FILE}, description);
    }

    static Optional<String> file(ParseResult arguments) {
        return Options.text(arguments, FILE);
    }

    /** @param member its name in the document */
    static void write(String text, String member, ParseResult arguments, Session session) {
        Optional<String> file = file(arguments);
        if (file.isPresent()) {
            OutputFile.replace(file.get(), text);
        } else if (session.document().isPresent()) {
            session.document().get().facts(json -> json.text(member, text));
        } else {
            text.lines().forEach(session.console()::line);
        }
    }
}
