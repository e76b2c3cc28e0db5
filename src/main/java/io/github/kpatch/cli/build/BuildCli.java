// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import io.github.kpatch.build.BuildParts;
import io.github.kpatch.build.BuildPatchModule;
import io.github.kpatch.build.Report;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.Environment;
import io.github.kpatch.cli.UsageException;
import io.github.kpatch.cli.Version;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import io.github.kpatch.kernel.Machine;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.helpers.NOPLogger;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The whole of kpatch-build: from arguments to an exit status, 0, 1 or 2; that of diff-object may be 3 as well. */
public final class BuildCli {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final Environment environment;
    private final Function<Machine, BuildParts> parts;

    public BuildCli(Environment environment, Function<Machine, BuildParts> parts) {
        this.environment = environment;
        this.parts = parts;
    }

    /** Runs one command line. */
    public int run(String[] arguments, OutputStream out, OutputStream err) {
        Console console = Console.of(environment, out, err);
        BuildOutput output = new BuildOutput(console, BuildSyntax.asksForJson(arguments));
        int status;
        try {
            status = run(arguments, console, output);
        } catch (KpatchException e) {
            output.fail(e);
            status = FAILED;
        } catch (UsageException e) {
            status = usage(e, output);
        } catch (ParameterException e) {
            status = usage(BuildSyntax.explain(e), output);
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            output.fail("internal", Sentence.of("internal error: " + e, "please report it"));
            status = FAILED;
        }
        output.end();
        return status == 0 && console.failure().isPresent() ? FAILED : status;
    }

    private int run(String[] arguments, Console console, BuildOutput output) {
        if (BuildSyntax.callsDiffObject(arguments)) {
            List<String> operands = List.of(arguments).subList(1, arguments.length);
            return DiffObjectCommand.run(operands, environment.variables(), console);
        }
        CommandLine grammar = BuildSyntax.commandLine();
        ParseResult parsed = grammar.parseArgs(arguments);
        if (parsed.isUsageHelpRequested()) {
            grammar.setUsageHelpWidth(environment.width());
            console.text(grammar.getUsageMessage(environment.wantsColour() ? Ansi.ON : Ansi.OFF));
        } else if (parsed.hasMatchedOption("--version")) {
            console.line(Version.text());
        } else {
            output.report(build(new Arguments(parsed), console, output.progress()));
        }
        return 0;
    }

    private Report build(Arguments arguments, Console console, BuildProgress progress) {
        arguments.requireKnownFormat();
        Machine machine = environment.machine().apply(NOPLogger.NOP_LOGGER);
        BuildPatchModule build = new BuildPatchModule(
                machine,
                parts.apply(machine),
                progress,
                home(environment.variables()),
                arguments.isDebug() ? console::error : line -> {});
        return build.build(arguments.request(Runtime.getRuntime().availableProcessors()));
    }

    /** Where everything is kept; the variable is that of the tool of this name that people know. */
    private static Path home(Map<String, String> variables) {
        Optional<Path> named = Optional.ofNullable(variables.get("CACHEDIR"))
                .filter(d -> !d.isEmpty())
                .map(Path::of);
        return named.or(() -> Optional.ofNullable(variables.get("HOME"))
                        .filter(d -> !d.isEmpty())
                        .map(d -> Path.of(d, ".kpatch")))
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED, "the variable HOME is not set", "set it, or CACHEDIR to a directory"));
    }

    private static int usage(UsageException e, BuildOutput output) {
        output.fail(
                "usage", Sentence.of(String.valueOf(e.getMessage()), "'" + BuildSyntax.PROGRAM + " --help' shows how"));
        return USAGE;
    }
}
