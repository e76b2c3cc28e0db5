// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.UsageException;
import io.github.kpatch.operation.LoadAll;
import io.github.kpatch.operation.LoadPatch;
import io.github.kpatch.operation.Waiting;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch load}. */
public final class LoadCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Load a patch module into the running kernel.")
                .addOption(Options.all("Load every patch module that is installed for the running kernel."))
                .addOption(Options.flag(
                        "--boot",
                        "With --all: load them under the boot guard, which holds back those with which a boot went"
                                + " wrong."))
                .addOption(Options.timeout())
                .addOption(Options.noWait())
                .addOption(Options.value(
                        "ACTION",
                        new String[] {"--on-stall"},
                        "If the transition stalls: 'unload' reverts the load (the default), 'keep' lets it go on."))
                .addPositional(
                        Options.module("0..1", "A file, or a patch module that is installed for the running kernel."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        Waiting waiting = Options.waiting(arguments);
        Optional<String> module = Options.moduleOrAll(arguments);
        boolean boot = Options.has(arguments, "--boot");
        if (module.isPresent() && boot) {
            throw new UsageException("--boot goes with --all");
        }
        if (module.isPresent()) {
            new LoadPatch(session.host(), session.progress()).load(module.get(), waiting);
        } else {
            new LoadAll(session.host(), session.progress()).loadAll(waiting, boot);
        }
    }
}
