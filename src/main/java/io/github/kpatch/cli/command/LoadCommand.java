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
    private static final String DRY_RUN = "--dry-run";
    private static final String NO_CHECK = "--no-check";

    @Override
    public CommandSpec spec() {
        return Options.command("Load a patch module into the running kernel.")
                .addOption(Options.all("Load every patch module that is installed for the running kernel."))
                .addOption(Options.flag(
                        "--boot",
                        "With --all: load them under the boot guard, which holds back those with which a boot went"
                                + " wrong."))
                .addOption(Options.flag(
                        DRY_RUN, "Tell what would become of it, as 'kpatch check' does, and load nothing."))
                .addOption(Options.flag(
                        NO_CHECK,
                        "Leave it to the kernel whether the module fits: what it does not refuse may crash it."))
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
        boolean noCheck = Options.has(arguments, NO_CHECK);
        if (noCheck && module.isEmpty()) {
            throw new UsageException("--no-check goes with a patch module, not with --all");
        }
        if (module.isPresent() && boot) {
            throw new UsageException("--boot goes with --all");
        }
        if (Options.has(arguments, DRY_RUN)) {
            CheckCommand.check(
                    module.orElseThrow(() -> new UsageException("--dry-run goes with a patch module, not with --all")),
                    session);
        } else if (module.isPresent()) {
            new LoadPatch(session.host(), session.progress(), !noCheck).load(module.get(), waiting);
        } else {
            new LoadAll(session.host(), session.progress()).loadAll(waiting, boot);
        }
    }
}
