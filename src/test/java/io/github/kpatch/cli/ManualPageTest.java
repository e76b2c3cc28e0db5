// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.ManualPage;
import io.github.kpatch.testing.OptionNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Holds the manual page and the README against the program, so that neither can move alone. */
class ManualPageTest {
    private static final Pattern LABEL = Pattern.compile("(?<![\\w-])[A-Z]+(?!\\w)");
    private static final Pattern CODE = Pattern.compile("(?m)^ {4}(.*)$|`([^`]+)`");
    private static final Pattern CALL = Pattern.compile("(?<![\\w.-])kpatch ([a-z]+)([^#]*)");

    private static final CommandSpec PROGRAM = new Syntax(new Environment(
                    log -> {
                        throw new AssertionError("the grammar needs no machine");
                    },
                    Map.of(),
                    false,
                    false,
                    false))
            .program()
            .getCommandSpec();

    private final ManualPage page = ManualPage.read(Path.of("man/kpatch.8"));
    private final String readme = Files.readString(Path.of("README.md"));

    ManualPageTest() throws IOException {}

    static Stream<String> commands() {
        return PROGRAM.subcommands().keySet().stream();
    }

    @Test
    void pageHasEveryCommandInTheOrderOfTheHelp() {
        assertEquals(
                commands().toList(),
                page.subsections("COMMANDS").stream()
                        .map(ManualPage.Section::subtitle)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void pageHasEveryOptionUnderItsCommandAndNoOther(String command) {
        assertEquals(sorted(ownOptions(command)), tags(section(command)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void synopsisOfACommandHasItsOptionsAndParametersAndNoOther(String command) {
        List<String> lines = section(command).verbatim().stream()
                .takeWhile(line -> line.startsWith("kpatch "))
                .toList();
        for (String line : lines) {
            assertTrue((line + " ").startsWith("kpatch " + command + " "), line);
        }
        String synopsis = String.join("\n", lines);
        Set<String> unknown = OptionNames.in(synopsis);
        Set<String> labels = new TreeSet<>();
        for (OptionSpec option : ownOptions(command)) {
            assertTrue(unknown.removeAll(Arrays.asList(option.names())), option + " is not in " + synopsis);
            if (OptionNames.takesValue(option)) {
                labels.add(option.paramLabel());
            }
        }
        for (PositionalParamSpec parameter : spec(command).positionalParameters()) {
            labels.add(parameter.paramLabel());
        }
        assertEquals(Set.of(), unknown);
        assertEquals(labels, OptionNames.find(LABEL, synopsis));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void textOfACommandNamesNoOptionOfAnother(String command) {
        Set<String> named = OptionNames.in(section(command).text().toString().replace("uname -r", ""));
        named.removeAll(OptionNames.of(spec(command)));
        assertEquals(Set.of(), named);
    }

    @Test
    void pageHasTheOptionsOfTheProgramAndThoseOfEveryCommand() {
        List<ManualPage.Section> options = page.subsections("OPTIONS");
        assertEquals(2, options.size());
        assertEquals(sorted(PROGRAM.options()), tags(options.get(0)));
        assertEquals(
                sorted(spec("load").options().stream()
                        .filter(ManualPageTest::isEverywhere)
                        .toList()),
                tags(options.get(1)));
    }

    @Test
    void pageHasEveryExitStatusAndItsMeaning() {
        List<String> statuses = new ArrayList<>();
        for (ExitStatus status : ExitStatus.values()) {
            String meaning = status.meaning();
            statuses.add(status.number() + " " + meaning.substring(0, 1).toUpperCase(Locale.ROOT) + meaning.substring(1)
                    + ".");
        }
        assertEquals(
                statuses,
                page.section("EXIT STATUS").entries().stream()
                        .map(entry -> String.join(" ", entry.tags()) + " " + entry.text())
                        .toList());
    }

    @Test
    void examplesOfThePageCallCommandsAndOptionsThatThereAre() {
        int calls = assertCalls(String.join("\n", page.section("EXAMPLES").verbatim()));
        assertTrue(calls >= 5, "found only " + calls + " calls");
    }

    @Test
    void readmeCallsCommandsAndOptionsThatThereAre() {
        int calls = 0;
        Matcher code = CODE.matcher(readme);
        while (code.find()) {
            calls += assertCalls(code.group(1) != null ? code.group(1) : code.group(2));
        }
        assertTrue(calls >= 10, "found only " + calls + " calls");
    }

    @Test
    void readmeListsCommandsThatThereAre() {
        String row = readme.lines()
                .filter(line -> line.startsWith("| Commands |"))
                .findFirst()
                .orElseThrow();
        Set<String> named = OptionNames.find(Pattern.compile("(?<=`)[a-z]+(?=`)"), row);
        assertTrue(named.size() >= 6, row);
        named.removeAll(PROGRAM.subcommands().keySet());
        assertEquals(Set.of(), named);
    }

    @Test
    void readmeOpensWithScriptsThatThereAre() {
        String opening = readme.substring(0, readme.indexOf("\n## "));
        for (String script : List.of("scripts/demo", "scripts/check")) {
            assertTrue(opening.contains("    " + script + " "), script);
            assertTrue(Files.isExecutable(Path.of(script)), script);
        }
    }

    /** Holds each call of kpatch in some lines of shell against the grammar, and counts them. */
    private static int assertCalls(String shell) {
        int calls = 0;
        for (String simple : shell.replace("\n  ", " ").split("[\n|&;]", -1)) {
            Matcher call = CALL.matcher(simple);
            while (call.find()) {
                calls++;
                assertTrue(PROGRAM.subcommands().containsKey(call.group(1)), simple);
                Set<String> unknown = OptionNames.in(call.group(2));
                unknown.removeAll(OptionNames.of(spec(call.group(1))));
                assertEquals(Set.of(), unknown, simple);
            }
        }
        return calls;
    }

    private ManualPage.Section section(String command) {
        return page.subsections("COMMANDS").stream()
                .filter(section -> section.subtitle().equals(command))
                .findFirst()
                .orElseThrow();
    }

    private static CommandSpec spec(String command) {
        return Objects.requireNonNull(PROGRAM.subcommands().get(command), command)
                .getCommandSpec();
    }

    private static List<OptionSpec> ownOptions(String command) {
        return spec(command).options().stream()
                .filter(option -> !isEverywhere(option))
                .toList();
    }

    /** Whether every command has that option, but for version and help, which take none. */
    private static boolean isEverywhere(OptionSpec option) {
        return Stream.of(Verb.values())
                .allMatch(verb -> spec(verb.text()).options().stream()
                        .anyMatch(other -> Arrays.equals(other.names(), option.names())));
    }

    private static List<String> sorted(List<OptionSpec> options) {
        return OptionNames.tags(options).stream().sorted().toList();
    }

    private static List<String> tags(ManualPage.Section section) {
        return section.entries().stream()
                .flatMap(entry -> entry.tags().stream())
                .sorted()
                .toList();
    }
}
