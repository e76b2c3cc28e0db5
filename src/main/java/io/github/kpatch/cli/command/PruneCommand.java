// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.json.PruneJson;
import io.github.kpatch.operation.PrunePatches;
import io.github.kpatch.operation.PrunePatches.Candidate;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch prune}. */
public final class PruneCommand implements Command {
    private static final String YES = "--yes";

    @Override
    public CommandSpec spec() {
        return Options.command("Show the installed patch modules whose kernel is gone, or whose place a newer one that"
                        + " is loaded has taken; with --yes, uninstall them.")
                .addOption(Options.flag(YES, "Uninstall them."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        PrunePatches prune = new PrunePatches(session.host(), session.progress());
        if (Options.has(arguments, YES)) {
            prune.prune();
            return;
        }
        List<Candidate> candidates = prune.find();
        if (session.document().isPresent()) {
            session.document().get().facts(json -> PruneJson.write(json, candidates));
        } else {
            for (Candidate candidate : candidates) {
                session.console()
                        .line(candidate.module().name() + " ("
                                + candidate.module().kernelVersion() + "): " + candidate.why());
            }
        }
        session.progress()
                .note(
                        candidates.isEmpty()
                                ? "there is nothing to prune"
                                : "'kpatch prune --yes' uninstalls " + (candidates.size() == 1 ? "it" : "them"));
    }
}
