// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line's grammar. Only the model of the command that is called is built, and all of them for the help. */
final class Syntax {
    private static final String PROGRAM = "kpatch";
    private static final String OUTPUT = "--output";

    private final Environment environment;

    Syntax(Environment environment) {
        this.environment = environment;
    }

    /** Takes {@code force unload}, which scripts of a vendor use, as {@code unload}. */
    static String[] rewrite(String[] arguments) {
        boolean forced = arguments.length > 1 && arguments[0].equals("force") && arguments[1].equals("unload");
        return forced ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
    }

    /** How verbose the arguments ask to be, before it is known whether they are right. */
    static int verbosity(String[] arguments) {
        int verbosity = 0;
        for (int i = 1; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "-v", "--verbose" -> verbosity++;
                case "-vv" -> verbosity += 2;
                default -> {}
            }
        }
        return verbosity;
    }

    /** Whether the arguments ask for a JSON document, before it is known whether they are right; help is always text. */
    static boolean asksForJson(String[] arguments) {
        List<String> words = List.of(arguments);
        int output = words.indexOf(OUTPUT);
        boolean json = words.contains(OUTPUT + "=json")
                || (output >= 0
                        && output + 1 < words.size()
                        && words.get(output + 1).equals("json"));
        return json && words.stream().noneMatch(word -> word.equals("--help") || word.matches("-v*h"));
    }

    static void requireKnownOutput(ParseResult command) {
        String output = command.matchedOptionValue(OUTPUT, "text");
        if (!output.equals("text") && !output.equals("json")) {
            throw new UsageException(OUTPUT + " takes 'text' or 'json', and not '" + output + "'");
        }
    }

    static int verbosity(ParseResult command) {
        boolean[] flags = command.matchedOptionValue("-v", new boolean[0]);
        return flags.length;
    }

    static boolean isCalled(ParseResult parsed, String command) {
        return parsed.hasSubcommand()
                && parsed.subcommand().commandSpec().name().equals(command);
    }

    /** Whether the arguments ask for the version and nothing else, which needs no grammar. */
    static boolean asksForVersion(String[] arguments) {
        return arguments.length == 1
                && (arguments[0].equals("version") || arguments[0].equals("--version") || arguments[0].equals("-v"));
    }

    /** The grammar of one command's arguments. */
    CommandLine of(Command command, Verb verb) {
        return commandLine(spec(command).name(PROGRAM + ' ' + verb.text()));
    }

    /** The whole grammar. */
    CommandLine program() {
        CommandSpec root = CommandSpec.create().name(PROGRAM);
        root.addOption(flag("Print this help.", "-h", "--help"));
        root.addOption(flag("Print the version.", "-v", "--version"));
        for (Verb verb : Verb.values()) {
            root.addSubcommand(verb.text(), spec(verb.command()));
        }
        describe(root);
        return commandLine(root);
    }

    private static CommandLine commandLine(CommandSpec spec) {
        CommandLine commandLine = new CommandLine(spec, new LateFactory());
        commandLine.setExpandAtFiles(false); // a module's file may be called @anything
        commandLine.setInterpolateVariables(false);
        return commandLine;
    }

    /** A command's own model, and the options that all commands have. */
    private static CommandSpec spec(Command command) {
        CommandSpec spec = command.spec();
        spec.addOption(OptionSpec.builder("-v", "--verbose")
                .type(boolean[].class)
                .arity("0")
                .description("Tell each step on standard error; twice, the stack trace of a failure too.")
                .build());
        spec.addOption(OptionSpec.builder(OUTPUT)
                .type(String.class)
                .arity("1")
                .paramLabel("FORMAT")
                .completionCandidates(List.of("text", "json"))
                .description("Print 'text' (the default), or 'json': one object for programs, errors included.")
                .build());
        spec.addOption(flag("Print this help.", "-h", "--help"));
        return spec;
    }

    private static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .usageHelp(names[1].equals("--help"))
                .description(description)
                .build();
    }

    private static void describe(CommandSpec root) {
        root.usageMessage().description("Manages kernel patch modules (live patches).");
        CommandSpec version = CommandSpec.create();
        version.usageMessage().description("Print the version.");
        root.addSubcommand("version", version);
        CommandSpec help = CommandSpec.create();
        help.usageMessage().description("Print the help of a command, or this.");
        help.addPositional(PositionalParamSpec.builder()
                .index("0")
                .type(String.class)
                .arity("0..1")
                .paramLabel("COMMAND")
                .description("The command.")
                .build());
        root.addSubcommand("help", help);
        Map<String, String> statuses = new LinkedHashMap<>();
        for (ExitStatus status : ExitStatus.values()) {
            statuses.put(Integer.toString(status.number()), status.meaning());
        }
        root.usageMessage()
                .synopsisSubcommandLabel("COMMAND")
                .commandListHeading("%nCommands:%n")
                .exitCodeListHeading("%nExit status:%n")
                .exitCodeList(statuses)
                .footer("", "'kpatch help COMMAND' says more of a command, and kpatch(8) says it all.");
    }

    /** The help that was asked for without a command, if any was. */
    Optional<String> help(CommandLine program, ParseResult parsed) {
        if (isCalled(parsed, "help")) {
            String topic = parsed.subcommand().matchedPositionalValue(0, "");
            if (topic.isEmpty()) {
                return Optional.of(usage(program));
            }
            CommandLine command = program.getSubcommands().get(topic);
            if (command == null) {
                throw unknown(topic);
            }
            return Optional.of(usage(command));
        }
        return parsed.isUsageHelpRequested() ? Optional.of(usage(program)) : Optional.empty();
    }

    String usage(CommandLine command) {
        command.setUsageHelpWidth(environment.width());
        return command.getUsageMessage(environment.wantsColour() ? Ansi.ON : Ansi.OFF);
    }

    /** The command whose help explains these arguments. */
    String helpFor(String[] arguments) {
        return arguments.length > 0 && Verb.of(arguments[0]).isPresent()
                ? PROGRAM + " help " + arguments[0]
                : PROGRAM + " --help";
    }

    /** What is wrong with a command line, in our words. */
    UsageException explain(ParameterException e) {
        boolean inCommand = !e.getCommandLine().getCommandName().equals(PROGRAM);
        if (e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            if (!inCommand && !first.startsWith("-")) {
                return unknown(first);
            }
            return new UsageException(
                    first.startsWith("-") && first.length() > 1
                            ? "there is no option " + first
                            : "'" + first + "' is one argument too many");
        }
        if (e instanceof MissingParameterException missing
                && missing.getMissing().size() == 1) {
            return new UsageException(
                    missing.getMissing().get(0) instanceof OptionSpec option
                            ? option.longestName() + " needs a value"
                            : "the patch module is missing");
        }
        return new UsageException(String.valueOf(e.getMessage()));
    }

    private static UsageException unknown(String command) {
        if (command.equals("replace")) {
            return new UsageException("there is no command 'replace'; build a cumulative patch module with the kernel's"
                    + " atomic replace, and 'kpatch load' that");
        }
        List<String> similar = new ArrayList<>();
        for (Verb verb : Verb.values()) {
            if (!command.isEmpty() && (verb.text().startsWith(command) || command.startsWith(verb.text()))) {
                similar.add(verb.text());
            }
        }
        return new UsageException("there is no command '" + command + "'"
                + (similar.isEmpty() ? "" : "; is '" + String.join("' or '", similar) + "' meant?"));
    }
}
