// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import io.github.kpatch.build.Report;
import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.source.BuildProgress;
import io.github.kpatch.cli.Console;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Prints how a build goes on and what became of it. */
final class PrintedBuild implements BuildProgress {
    private final Console console;

    PrintedBuild(Console console) {
        this.console = console;
    }

    @Override
    public void step(String sentence) {
        console.lineNow(sentence);
    }

    @Override
    public void passing(String text) {
        console.progress(text);
    }

    @Override
    public void note(String sentence) {
        console.lineNow(sentence);
    }

    @Override
    public void warn(String sentence) {
        console.error(BuildSyntax.PROGRAM + ": warning: " + sentence);
    }

    void print(Report report) {
        for (Report.ObjectReport object : report.objects()) {
            Difference difference = object.difference();
            console.line(object.parent() + ", " + object.object() + ":");
            lines("  changed  ", difference.changed());
            lines("  new      ", difference.added());
            lines("  gone     ", difference.removed());
            lines("  REFUSED  ", difference.refusals());
            lines("  note     ", difference.notes());
            if (difference.changed().isEmpty() && difference.added().isEmpty()) {
                console.line("  new      (variables only)");
            }
        }
        Duration all = report.times().stream().map(Report.Timing::duration).reduce(Duration.ZERO, Duration::plus);
        console.line(report.module().map(file -> "built " + file).orElse("it can be patched")
                + " (kernel " + report.kernel() + ", "
                + String.format(Locale.ROOT, "%.1f", all.toMillis() / 1000.0) + " seconds)");
    }

    private void lines(String what, List<String> functions) {
        functions.forEach(function -> console.line(what + function));
    }
}
