// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.GuardBoot;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch guard}. */
public final class GuardCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Show the patch modules that are held back at boot, as the machine went down with them.")
                .addOption(Options.flag(
                        "--all-clear",
                        "This boot went well: hold nothing against what was loaded at it. kpatch-all-clear.service says"
                                + " that a minute after each boot."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        GuardBoot guard = new GuardBoot(session.host(), session.progress());
        if (Options.has(arguments, "--all-clear")) {
            guard.allClear();
            return;
        }
        List<String> held = guard.held();
        if (session.document().isPresent()) {
            session.document().get().facts(json -> json.texts("heldBack", held));
        } else {
            held.forEach(session.console()::line);
        }
        if (held.isEmpty()) {
            session.progress().note("no patch module is held back");
        }
    }
}
