// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One of kpatch's commands. */
public interface Command {

    /** Its options and parameters; {@link KpatchCli} adds those that every command has, and its name. */
    CommandSpec spec();

    /** Does what the arguments ask for. */
    void run(ParseResult arguments, Session session);
}
