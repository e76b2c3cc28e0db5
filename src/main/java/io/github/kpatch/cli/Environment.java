// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.kernel.Machine;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;

/**
 * What surrounds a run of the program.
 *
 * @param machine makes the machine to work on, which reports its steps to a logger
 * @param variables the environment variables
 * @param outIsTerminal whether standard output is a terminal
 * @param errIsTerminal whether standard error is a terminal
 * @param isUtf8 whether the terminal shows UTF-8, by the locale of whoever called the launcher
 */
public record Environment(
        Function<Logger, Machine> machine,
        Map<String, String> variables,
        boolean outIsTerminal,
        boolean errIsTerminal,
        boolean isUtf8) {

    /** Whether help may be in colour: on a terminal that can, and where NO_COLOR (no-color.org) is not set. */
    public boolean wantsColour() {
        return isLive() && variable("NO_COLOR").isEmpty();
    }

    Console.Look look() {
        return new Console.Look(isLive(), wantsColour(), isLive() && isUtf8, width(), height());
    }

    /** Whether a line on standard error may be overwritten by the next one. */
    boolean showsProgress() {
        return errIsTerminal && !isDumb();
    }

    /** The width to wrap help at: that of the terminal, within reason. */
    public int width() {
        return Math.max(40, Math.min(120, size("COLUMNS", 80)));
    }

    /** How many lines fit the terminal; more than any if that is not known. */
    private int height() {
        return Math.max(5, size("LINES", Integer.MAX_VALUE));
    }

    /** A size of the terminal; one on a serial line says that it is 0, as it knows none. */
    private int size(String name, int unknown) {
        try {
            int size = Integer.parseInt(variable(name).orElse(""));
            return size <= 0 ? unknown : size;
        } catch (NumberFormatException e) {
            return unknown;
        }
    }

    private boolean isLive() {
        return outIsTerminal && !isDumb();
    }

    private boolean isDumb() {
        return variable("TERM").orElse("dumb").equals("dumb");
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }
}
