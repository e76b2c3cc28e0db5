// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.UsageException;
import io.github.kpatch.cli.json.StatusJson;
import io.github.kpatch.operation.ShowBoot;
import io.github.kpatch.operation.ShowBoot.Boot;
import io.github.kpatch.operation.ShowStatus;
import io.github.kpatch.operation.ShowStatus.Status;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch status}: one screen for people; programs read {@code list}, or this as JSON. */
public final class StatusCommand implements Command {
    private static final String WATCH = "--watch";

    @Override
    public CommandSpec spec() {
        return Options.command("Show on one screen what the kernel runs, what is installed, and where they differ.")
                .addOption(
                        Options.flag(WATCH, "Show it anew every second, such as during a transition, until Ctrl-C."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        ShowStatus status = new ShowStatus(session.host());
        ShowBoot boot = new ShowBoot(session.host());
        if (Options.has(arguments, WATCH)) {
            watch(status, boot, session);
        } else if (session.document().isPresent()) {
            Status facts = status.read();
            facts.unreadable().forEach(session::remark);
            Boot booted = boot.read();
            session.document().get().facts(json -> StatusJson.write(json, facts, booted));
        } else {
            session.console().sections(StatusScreen.of(status.read(), boot.read()));
        }
    }

    private static void watch(ShowStatus status, ShowBoot boot, Session session) {
        Console console = session.console();
        if (!console.isLive() || session.document().isPresent()) {
            throw new UsageException(WATCH + " needs a terminal to show it on");
        }
        status.watch(facts -> {
            console.sections(StatusScreen.of(facts, boot.read()));
            return console.redraw();
        });
    }
}
