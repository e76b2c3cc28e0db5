// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.UsageException;
import io.github.kpatch.cli.json.CheckJson;
import io.github.kpatch.operation.CheckPatch;
import io.github.kpatch.operation.Finding;
import io.github.kpatch.operation.Finding.Verdict;
import io.github.kpatch.operation.ShowStatus;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch check}: a line for each thing that was checked, then what follows from them. */
public final class CheckCommand implements Command {
    private static final String RUNNING = "--running";

    @Override
    public CommandSpec spec() {
        return Options.command("Tell what would become of loading a patch module, without loading it.")
                .addOption(Options.flag(
                        RUNNING,
                        "Tell instead whether all that is installed for the running kernel is in effect: by the exit"
                                + " status, for scripts."))
                .addPositional(
                        Options.module("0..1", "A file, or a patch module that is installed for the running kernel."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        Optional<String> module = Options.module(arguments);
        boolean running = Options.has(arguments, RUNNING);
        if (running == module.isPresent()) {
            throw new UsageException(
                    running
                            ? "a patch module and --running exclude each other"
                            : "a patch module or --running is needed");
        }
        if (running) {
            new ShowStatus(session.host()).requireAllInEffect();
            session.progress().note("all that is installed for this kernel is in effect");
        } else {
            check(module.orElseThrow(), session);
        }
    }

    /** Checks and prints; fails if loading would. */
    static void check(String module, Session session) {
        CheckPatch.Report report = new CheckPatch(session.host()).check(module);
        if (session.document().isPresent()) {
            session.document().get().facts(json -> CheckJson.write(json, report));
            report.requireNoFailure("the findings say why, and what to do");
        } else {
            print(report, session.console());
        }
    }

    private static void print(CheckPatch.Report report, Console console) {
        console.line("Checking " + report.file().module().name() + " against kernel " + report.kernelVersion() + ":");
        for (Finding finding : report.findings()) {
            console.line(line(finding));
        }
        report.requireNoFailure("the lines above say why");
        int warnings = report.findings(Verdict.WARN).size();
        int skipped = report.findings(Verdict.SKIP).size();
        console.line("it can be loaded"
                + (warnings == 0 ? "" : "; " + Options.counted(warnings, "warning"))
                + (skipped == 0 ? "" : "; " + Options.counted(skipped, "check") + " skipped"));
    }

    private static String line(Finding finding) {
        String verdict = switch (finding.verdict()) {
            case PASS -> "  pass  ";
            case WARN -> "  warn  ";
            case FAIL -> "  FAIL  ";
            case SKIP -> "  skip  ";
        };
        String subject = finding.subject();
        return verdict + subject + " ".repeat(Math.max(1, 12 - subject.length())) + finding.text();
    }
}
