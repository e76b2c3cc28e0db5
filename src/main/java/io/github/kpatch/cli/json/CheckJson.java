// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.operation.CheckPatch.Report;
import io.github.kpatch.operation.Finding;

/** The facts of {@code check}. */
public final class CheckJson {
    private CheckJson() {}

    public static void write(Json json, Report report) {
        json.text("module", report.file().module().name())
                .text("file", report.file().path())
                .text("kernel", report.kernelVersion())
                .flag("loadable", report.findings(Finding.Verdict.FAIL).isEmpty())
                .objects(
                        "findings",
                        report.findings(),
                        finding -> json.word("verdict", finding.verdict())
                                .text("subject", finding.subject())
                                .text("sentence", finding.text()));
    }
}
