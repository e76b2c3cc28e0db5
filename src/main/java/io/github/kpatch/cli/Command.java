// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One of kpatch's commands. */
public interface Command {

    /** A new model of its options and parameters; {@link Syntax} adds those that every command has, and its name. */
    CommandSpec spec();

    /** Does what the arguments ask for. */
    void run(ParseResult arguments, Session session);
}
