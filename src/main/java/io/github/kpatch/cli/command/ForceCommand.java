// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.Transitions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch force}. */
public final class ForceCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command(
                        "Complete a stalled transition by force. Tasks are switched without being known safe, which may"
                                + " crash the machine, and the kernel may refuse to remove the module until the next boot.",
                        "'kpatch force unload' is taken as 'kpatch unload'.")
                .addOption(Options.flag("--yes", "Yes, force it: I know what that costs."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        new Transitions(session.host(), session.progress()).force(Options.has(arguments, "--yes"));
    }
}
