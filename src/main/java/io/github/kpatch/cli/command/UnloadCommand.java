// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.UnloadAll;
import io.github.kpatch.operation.UnloadPatch;
import io.github.kpatch.operation.Waiting;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch unload}. */
public final class UnloadCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Disable a patch module, wait for the transition, and remove it from the kernel.")
                .addOption(Options.all("Unload every patch module, and what replaced ones left in memory."))
                .addOption(Options.timeout())
                .addOption(Options.noWait())
                .addPositional(
                        Options.module("0..1", "A file, or the name of a patch module that is loaded or installed."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        Waiting waiting = Options.waiting(arguments);
        Optional<String> module = Options.moduleOrAll(arguments);
        if (module.isPresent()) {
            new UnloadPatch(session.host(), session.progress()).unload(module.get(), waiting);
        } else {
            new UnloadAll(session.host(), session.progress()).unloadAll(waiting);
        }
    }
}
