// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.UninstallPatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch uninstall}. */
public final class UninstallCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Remove a patch module from the install DB. What is loaded stays loaded.")
                .addOption(Options.kernelVersion("The kernel it is installed for; by default the running one."))
                .addOption(Options.root())
                .addPositional(
                        Options.module("1", "The name of an installed patch module, as 'kpatch list' shows it."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        new UninstallPatch(session.host(), session.progress())
                .uninstall(
                        Options.module(arguments).orElseThrow(),
                        Options.kernelVersion(arguments),
                        Options.root(arguments));
    }
}
