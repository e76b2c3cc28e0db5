// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.Transitions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch wait}. */
public final class WaitCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Wait for the transition that is running, if one is, to end.")
                .addOption(Options.timeout());
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        new Transitions(session.host(), session.progress()).await(Options.waiting(arguments));
    }
}
