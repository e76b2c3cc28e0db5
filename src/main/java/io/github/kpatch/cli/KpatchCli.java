// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.cli.json.JsonDocument;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.operation.Host;
import io.github.kpatch.operation.Progress;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The whole program: from arguments to an exit status. */
public final class KpatchCli {
    /** What the JVM makes of bytes in an argument that are not UTF-8. */
    private static final char NOT_UTF_8 = '\ufffd';

    private final Environment environment;

    public KpatchCli(Environment environment) {
        this.environment = environment;
    }

    /**
     * Runs one command line.
     *
     * @return the exit status
     */
    public int run(String[] arguments, OutputStream out, OutputStream err) {
        Console console = Console.of(environment, out, err);
        Syntax syntax = new Syntax(environment);
        Optional<JsonDocument> document = document(arguments, console);
        ErrorHandler errors = new ErrorHandler(console, document, Syntax.verbosity(arguments) > 1);
        ExitStatus status;
        try {
            status = run(syntax, Syntax.rewrite(arguments), console, document);
        } catch (KpatchException e) {
            status = errors.handle(e);
        } catch (UsageException e) {
            status = errors.handle(e, syntax.helpFor(Syntax.rewrite(arguments)));
        } catch (ParameterException e) {
            status = errors.handle(syntax.explain(e), syntax.helpFor(Syntax.rewrite(arguments)));
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            status = errors.handleFault(e);
        }
        document.ifPresent(d -> d.end().lines().forEach(console::line));
        console.flush();
        if (console.failure().isPresent() && status == ExitStatus.SUCCESS) {
            status = errors.handleOutput(console.failure().get());
        }
        return status.number();
    }

    /** Where one is asked for, before it is known whether the arguments are right: what is wrong is told in it, too. */
    private static Optional<JsonDocument> document(String[] arguments, Console console) {
        return Syntax.asksForJson(arguments)
                ? Optional.of(new JsonDocument(Verb.of(arguments[0]).map(Verb::text), new PrintedProgress(console)))
                : Optional.empty();
    }

    private ExitStatus run(Syntax syntax, String[] arguments, Console console, Optional<JsonDocument> document) {
        for (String argument : arguments) {
            if (argument.indexOf(NOT_UTF_8) >= 0) {
                throw new UsageException("'" + argument + "' is not UTF-8, and no file of that name could be found;"
                        + " rename it, or make a link to it");
            }
        }
        Optional<Verb> verb = arguments.length == 0 ? Optional.empty() : Verb.of(arguments[0]);
        if (verb.isPresent()) {
            run(syntax, verb.get(), Arrays.copyOfRange(arguments, 1, arguments.length), console, document);
        } else if (Syntax.asksForVersion(arguments)) {
            console.line(Version.text());
        } else {
            tellAbout(syntax, arguments, console);
        }
        return ExitStatus.SUCCESS;
    }

    private void run(Syntax syntax, Verb verb, String[] arguments, Console console, Optional<JsonDocument> document) {
        Command command = verb.command();
        CommandLine grammar = syntax.of(command, verb);
        ParseResult parsed = grammar.parseArgs(arguments);
        if (parsed.isUsageHelpRequested()) {
            console.text(syntax.usage(grammar));
            return;
        }
        Host host = Host.of(environment.machine().apply(logger(Syntax.verbosity(parsed), console)));
        Syntax.requireKnownOutput(parsed);
        Progress progress = document.isPresent() ? document.get().progress() : new PrintedProgress(console);
        command.run(parsed, new Session(host, progress, console, this::capture, document));
    }

    private static void tellAbout(Syntax syntax, String[] arguments, Console console) {
        CommandLine program = syntax.program();
        ParseResult parsed = program.parseArgs(arguments);
        if (parsed.hasMatchedOption("--version") && parsed.hasSubcommand()) {
            throw new UsageException(
                    "options come after the command, and before it " + arguments[0] + " would only print the version");
        }
        if (parsed.hasMatchedOption("--version") || Syntax.isCalled(parsed, "version")) {
            console.line(Version.text());
            return;
        }
        console.text(syntax.help(program, parsed).orElseThrow(() -> new UsageException("a command is missing")));
    }

    /** Where the steps are reported: nowhere, unless -v asks for it; logback is loaded only then. */
    private static Logger logger(int verbosity, Console console) {
        return verbosity == 0 ? NOPLogger.NOP_LOGGER : VerboseLog.logger(console);
    }

    /** Runs another command line, and gives all that it prints and its exit status. */
    private String capture(List<String> arguments) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        Environment plain = new Environment(environment.machine(), Map.of(), false, false, false);
        int status = new KpatchCli(plain).run(arguments.toArray(String[]::new), both, both);
        return both.toString(StandardCharsets.UTF_8) + "(exit status " + status + ")\n";
    }
}
