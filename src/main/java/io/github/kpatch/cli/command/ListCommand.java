// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.Session;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.StalledTask;
import io.github.kpatch.operation.GuardBoot;
import io.github.kpatch.operation.ListPatches;
import io.github.kpatch.store.InstalledModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch list}. Other programs read what it prints: without options exactly two paragraphs. */
public final class ListCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Show the loaded patch modules and their state, and the installed ones.")
                .addOption(Options.flag(
                        "--functions", "Show each function that is patched now as well, and the module in effect."))
                .addOption(Options.flag(
                        "--cve", "Show each vulnerability that is fixed now as well, as the patch modules name them."))
                .addOption(Options.root());
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        Optional<Path> root = Options.root(arguments);
        ListPatches list = new ListPatches(session.host());
        List<LoadedPatch> loaded = root.isPresent() ? List.of() : list.loaded(); // nothing is loaded there
        Console console = session.console();
        console.line("Loaded patch modules:");
        for (LoadedPatch patch : loaded) {
            console.line(patch.name() + " [" + patch.state().text() + "]");
        }
        console.line("");
        console.line("Installed patch modules:");
        for (InstalledModule module : list.installed(root)) {
            console.line(module.name() + " (" + module.kernelVersion() + ")");
        }
        if (Options.has(arguments, "--functions")) {
            console.line("");
            console.line("Patched functions:");
            for (ListPatches.Patched patched : root.isPresent() ? List.<ListPatches.Patched>of() : list.functions()) {
                console.line(
                        patched.object() + ": " + Options.text(patched.function()) + " [" + patched.inEffect() + "]");
            }
        }
        if (Options.has(arguments, "--cve")) {
            console.line("");
            console.line("Fixed vulnerabilities:");
            for (ListPatches.Fix fix : root.isPresent() ? List.<ListPatches.Fix>of() : list.fixes()) {
                console.line(fix.cve() + " [" + fix.by() + "]");
            }
        }
        tellUnswitched(list.unswitched(loaded), console);
        if (root.isEmpty()) {
            new GuardBoot(session.host(), session.progress())
                    .held()
                    .forEach(sentence -> console.error("kpatch: " + sentence));
        }
    }

    private static void tellUnswitched(List<StalledTask> tasks, Console console) {
        if (tasks.isEmpty()) {
            return;
        }
        console.error("Tasks that have yet to switch in the running transition:");
        for (StalledTask task : tasks) {
            console.error(task.tid() + " " + task.name());
            for (String frame : task.stack()) {
                console.error("    " + frame);
            }
        }
    }
}
