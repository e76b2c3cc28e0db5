// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.Version;
import io.github.kpatch.cli.json.VexJson;
import io.github.kpatch.operation.ShowStatus;
import io.github.kpatch.operation.ShowStatus.Status;
import io.github.kpatch.operation.SupportReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch report}. */
public final class ReportCommand implements Command {
    private static final String VEX = "--vex";
    private static final String USUAL_FILE = "kpatch-report.zip";

    /** What the archive has the output of. */
    private static final List<List<String>> COMMANDS = List.of(
            List.of("status"),
            List.of("list", "--functions", "--cve"),
            List.of("status", "--output=json"),
            List.of("check", "--running"),
            List.of("blocking"),
            List.of("verify"),
            List.of("guard"),
            List.of("history"));

    @Override
    public CommandSpec spec() {
        return Options.command("Write all that support needs to know of this machine's patch modules into an archive.")
                .addOption(Options.flag(
                        VEX, "Print instead which known vulnerabilities are fixed now, as a CycloneDX VEX document."))
                .addOption(TextOutput.option(
                        "The file to write; by default " + USUAL_FILE + ", and standard output for the VEX document."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        if (Options.has(arguments, VEX)) {
            Status status = new ShowStatus(session.host()).read();
            status.unreadable().forEach(session::remark);
            String document = VexJson.document(
                    status, Version.text(), session.host().machine().clock().now());
            TextOutput.write(document, "vex", arguments, session);
        } else {
            archive(TextOutput.file(arguments).orElse(USUAL_FILE), session);
        }
    }

    private static void archive(String file, Session session) {
        SupportReport report = new SupportReport(session.host());
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("version.txt", Version.text() + "\n");
        COMMANDS.forEach(command -> add(command, session, texts));
        report.modules().forEach(module -> add(List.of("info", module), session, texts));
        texts.put("sysfs.txt", report.sysfs());
        texts.put("kernel-log.txt", report.kernelLog());
        report.write(file, texts);
        session.progress().note("wrote " + file + "; look through it before you give it away");
    }

    /** What a command prints and complains of is worth knowing whatever comes of it. */
    private static void add(List<String> command, Session session, Map<String, String> texts) {
        String name =
                String.join(" ", command).replace("--", "").replace('=', '-').replace(' ', '-');
        texts.put(name + ".txt", session.kpatch().apply(command));
    }
}
