// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.LateFactory;
import io.github.kpatch.cli.UsageException;
import io.github.kpatch.module.PatchedFunction;
import io.github.kpatch.operation.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The options and parameters that several commands share: how they are declared, and how they are read. */
final class Options {
    private static final int LONGEST_TIMEOUT = 86_400;

    private Options() {}

    static CommandSpec command(String... description) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(null, new LateFactory());
        spec.usageMessage().description(description);
        return spec;
    }

    static OptionSpec flag(String name, String... description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    static OptionSpec value(String label, String[] names, String... description) {
        return OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** The patch module that a command is about. */
    static PositionalParamSpec module(String arity, String... description) {
        return PositionalParamSpec.builder()
                .index("0")
                .type(String.class)
                .arity(arity)
                .required(arity.equals("1"))
                .paramLabel("MODULE")
                .description(description)
                .build();
    }

    static OptionSpec all(String... description) {
        return flag("--all", description);
    }

    static OptionSpec kernelVersion(String description) {
        return value("VERSION", new String[] {"-k", "--kernel-version"}, description);
    }

    static OptionSpec root() {
        return value(
                "DIR",
                new String[] {"--root"},
                "Work on the install DB under DIR, such as that of an image; nothing is loaded there.");
    }

    static OptionSpec timeout() {
        return value(
                "SECONDS",
                new String[] {"--timeout"},
                "Wait that long for the transition; by default 15 seconds, then, after a signal to the tasks that stall"
                        + " it, 60 more.");
    }

    static OptionSpec noWait() {
        return flag("--no-wait", "Return while the transition is still going on.");
    }

    /** A function as people write it, with its position among those of its name only where it is not the first. */
    static String text(PatchedFunction function) {
        return function.sympos() > 1 ? function.sysfsName() : function.name();
    }

    /** So many of something that has its plural by an s. */
    static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    static String yetToSwitch(int tasks) {
        return counted(tasks, "task") + (tasks == 1 ? " has" : " have") + " yet to switch";
    }

    static boolean has(ParseResult arguments, String option) {
        return arguments.hasMatchedOption(option);
    }

    static Optional<String> text(ParseResult arguments, String option) {
        return Optional.ofNullable(arguments.matchedOptionValue(option, null));
    }

    static Optional<Path> root(ParseResult arguments) {
        return given(arguments, "--root").map(Path::of);
    }

    static Optional<String> kernelVersion(ParseResult arguments) {
        return given(arguments, "--kernel-version");
    }

    /** The value of an option which has no empty one; a script that lost a variable is told so. */
    private static Optional<String> given(ParseResult arguments, String option) {
        Optional<String> value = text(arguments, option);
        if (value.equals(Optional.of(""))) {
            throw new UsageException(option + " needs a value");
        }
        return value;
    }

    static Optional<String> module(ParseResult arguments) {
        return Optional.ofNullable(arguments.matchedPositionalValue(0, null));
    }

    /** One module, or all: exactly one of the two must be asked for. */
    static Optional<String> moduleOrAll(ParseResult arguments) {
        Optional<String> module = module(arguments);
        if (has(arguments, "--all") == module.isPresent()) {
            throw new UsageException(
                    module.isPresent()
                            ? "a patch module and --all exclude each other"
                            : "a patch module or --all is needed");
        }
        return module;
    }

    static Waiting waiting(ParseResult arguments) {
        return new Waiting(!has(arguments, "--no-wait"), timeout(arguments), onStall(arguments));
    }

    private static Optional<Duration> timeout(ParseResult arguments) {
        Optional<String> text = text(arguments, "--timeout");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            int seconds = Integer.parseInt(text.get());
            if (seconds >= 0 && seconds <= LONGEST_TIMEOUT) {
                return Optional.of(Duration.ofSeconds(seconds));
            }
        } catch (NumberFormatException e) {
            // the same answer as to a number out of range
        }
        throw new UsageException("--timeout takes a number of seconds from 0 to " + LONGEST_TIMEOUT + ", and '"
                + text.get() + "' is none");
    }

    private static Waiting.OnStall onStall(ParseResult arguments) {
        return switch (text(arguments, "--on-stall").orElse("unload")) {
            case "unload" -> Waiting.OnStall.UNLOAD;
            case "keep" -> Waiting.OnStall.KEEP;
            default -> throw new UsageException("--on-stall takes 'unload' or 'keep'");
        };
    }
}
