// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.HoldPatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch hold} and {@code kpatch unhold}. */
public final class HoldCommand implements Command {
    private final boolean hold;

    public HoldCommand(boolean hold) {
        this.hold = hold;
    }

    @Override
    public CommandSpec spec() {
        return Options.command(
                        hold
                                ? "Keep an installed patch module from being loaded at boot. What is loaded stays loaded."
                                : "Have a patch module that is on hold loaded at boot again.")
                .addOption(Options.kernelVersion("The kernel it is installed for; by default the running one."))
                .addPositional(
                        Options.module("1", "The name of an installed patch module, as 'kpatch list' shows it."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        new HoldPatch(session.host(), session.progress())
                .set(hold, Options.module(arguments).orElseThrow(), Options.kernelVersion(arguments));
    }
}
