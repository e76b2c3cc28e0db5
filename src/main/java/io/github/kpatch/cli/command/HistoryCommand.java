// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.json.HistoryJson;
import io.github.kpatch.operation.ShowHistory;
import io.github.kpatch.store.HistoryEntry;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch history}. */
public final class HistoryCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Show what was done to patch modules on this machine, by whom, and what came of it.")
                .addPositional(Options.module("0..1", "The patch module; by default, all of them."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        List<HistoryEntry> entries =
                new ShowHistory(session.host()).read(Options.module(arguments), session.progress());
        if (session.document().isPresent()) {
            session.document().get().facts(json -> HistoryJson.write(json, entries));
        } else {
            entries.forEach(entry -> session.console().line(line(entry)));
        }
        if (entries.isEmpty()) {
            session.progress().note("nothing is on record");
        }
    }

    private static String line(HistoryEntry entry) {
        String text = entry.time() + " " + entry.fact("action").orElse("?")
                + entry.fact("module").map(module -> " " + module).orElse("")
                + " (" + entry.fact("kernel").orElse("?") + "): "
                + entry.fact("outcome").orElse("?")
                + entry.fact("loaded").map(loaded -> ", " + loaded + " loaded").orElse("")
                + entry.fact("detail").map(detail -> ", " + detail).orElse("")
                + entry.fact("reason")
                        .map(reason -> ": " + reason.replace("\n", "; "))
                        .orElse("");
        return text + " [" + who(entry) + "]";
    }

    private static String who(HistoryEntry entry) {
        List<String> who = new ArrayList<>();
        entry.fact("uid").ifPresent(uid -> who.add("uid " + uid));
        entry.fact("loginuid").ifPresent(uid -> who.add("login uid " + uid));
        entry.fact("tty").ifPresent(who::add);
        entry.fact("unit").ifPresent(who::add);
        return String.join(", ", who);
    }
}
