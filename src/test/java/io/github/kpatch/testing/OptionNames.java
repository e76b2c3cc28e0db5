// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a program as documents write them, and those that are written in a document. */
public final class OptionNames {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[A-Za-z][a-z-]*");

    private OptionNames() {}

    /** The tags that a manual page has for options: {@code -k VERSION, --kernel-version=VERSION}. */
    public static List<String> tags(List<OptionSpec> options) {
        return options.stream()
                .map(option -> Stream.of(option.names())
                        .map(name -> withLabel(name, option))
                        .collect(Collectors.joining(", ")))
                .toList();
    }

    private static String withLabel(String name, OptionSpec option) {
        return takesValue(option) ? name + (name.startsWith("--") ? "=" : " ") + option.paramLabel() : name;
    }

    public static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    /** The names of all options of a command. */
    public static Set<String> of(CommandSpec command) {
        return command.options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What looks like an option in a text. */
    public static Set<String> in(String text) {
        return find(OPTION, text);
    }

    /** All that a pattern matches. */
    public static Set<String> find(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
