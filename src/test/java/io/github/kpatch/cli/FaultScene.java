// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.testing.FakeMachine;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A command line, the machine on which it has something to do, and what it is to bring about.
 *
 * @param commandLine the words, where {@code HOME} stands for the user's directory
 * @param before makes the machine what it is before
 * @param done whether what was asked for is so
 * @param changes whether that is a change, and not only shown
 */
record FaultScene(String commandLine, Consumer<FakeMachine> before, Predicate<FakeMachine> done, boolean changes) {
    FaultScene(String commandLine, Consumer<FakeMachine> before, Predicate<FakeMachine> done) {
        this(commandLine, before, done, true);
    }

    /** Of a command that changes nothing. */
    static FaultScene shows(String commandLine, Consumer<FakeMachine> before) {
        return new FaultScene(commandLine, before, machine -> true, false);
    }

    String verb() {
        return commandLine.split(" ", 2)[0];
    }

    List<String> words(FakeMachine machine) {
        return Stream.of(commandLine.split(" "))
                .map(word -> word.replace("HOME", machine.home().toString()))
                .toList();
    }
}
