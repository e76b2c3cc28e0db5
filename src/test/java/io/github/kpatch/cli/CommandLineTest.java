// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private final FakeMachine machine;

    CommandLineTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "-h", "--help"})
    void helpGoesToStandardOutput(String word) {
        Outcome help = machine.run(word).succeeds();
        for (Verb verb : Verb.values()) {
            assertTrue(help.stdout().contains("\n  " + verb.text() + " "), help::toString);
        }
        for (ExitStatus status : ExitStatus.values()) {
            assertTrue(help.stdout().contains("\n  " + status.number() + " "), help::toString);
        }
    }

    @Test
    void theVersionIsNotPrintedInPlaceOfACommand() {
        machine.run("-v", "load", "x.ko")
                .failsWith(2, "options come after the command")
                .prints();
        machine.run("--version", "list")
                .failsWith(2, "options come after the command")
                .prints();
    }

    @Test
    void everyCommandHasItsHelp() {
        for (Verb verb : Verb.values()) {
            String help = machine.run("help", verb.text()).succeeds().stdout();
            assertTrue(help.startsWith("Usage: kpatch " + verb.text()), help);
            assertEquals(help, machine.run(verb.text(), "--help").succeeds().stdout());
            assertEquals(help, machine.run(verb.text(), "-h").succeeds().stdout());
        }
        assertEquals(List.of(), machine.kernel().calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "-v", "--version"})
    void theVersionIsOneLine(String word) {
        Outcome version = machine.run(word).succeeds();
        assertEquals(Version.text() + "\n", version.stdout());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""                     | a command is missing; 'kpatch --help' shows how
            lod                    | there is no command 'lod'
            un                     | is 'unload' or 'uninstall' or 'unhold' meant?
            help nix               | there is no command 'nix'
            --nix                  | there is no option --nix; 'kpatch --help' shows how
            load                   | a patch module or --all is needed; 'kpatch help load' shows how
            load a b               | 'b' is one argument too many
            load --all a           | a patch module and --all exclude each other
            load --nix a           | there is no option --nix
            load --timeout a       | and 'a' is none
            load --timeout=-1 a    | --timeout takes a number of seconds from 0 to 86400, and '-1' is none
            load --timeout=x a     | and 'x' is none
            load --timeout=86401 a | and '86401' is none
            load --on-stall=stay a | --on-stall takes 'unload' or 'keep'
            load a --on-stall      | --on-stall needs a value
            unload                 | a patch module or --all is needed
            unload --on-stall=keep a | there is no option --on-stall
            install                | the patch module is missing
            install a.ko b.ko      | 'b.ko' is one argument too many
            install -k             | --kernel-version needs a value
            uninstall              | the patch module is missing
            info                   | the patch module is missing
            info a b               | 'b' is one argument too many
            list x                 | 'x' is one argument too many
            wait x                 | 'x' is one argument too many
            signal x               | 'x' is one argument too many
            force x                | 'x' is one argument too many
            replace                | build a cumulative patch module with the kernel's atomic replace
            replace x.ko           | 'kpatch load' that
            """)
    void aWrongCommandLineIsToldInOneLine(String line, String words) {
        Object[] arguments = line.isEmpty() ? new Object[0] : line.split(" ");
        machine.run(arguments).failsWith(2, words).prints();
        assertEquals(List.of(), machine.kernel().calls());
    }

    @Test
    void anOptionMayNotBeGivenTwice() {
        machine.run("load", "--timeout=1", "--timeout=2", "a").failsWith(2);
    }

    @Test
    void aFileMayBeCalledLikeAnOptionBehindTwoDashes() {
        machine.run("load", "--", "--all").failsWith(3, "--all: no such patch module");
    }

    @Test
    void aFileMayBeCalledAtSomething() throws IOException {
        machine.run("load", "@args").failsWith(3, "@args: no such patch module");
    }

    @Test
    void unknownWordsReachTheTerminalHarmlessly() {
        machine.run("lo\u001b[31mad").failsWith(2, "lo\\u001b[31mad");
    }
}
