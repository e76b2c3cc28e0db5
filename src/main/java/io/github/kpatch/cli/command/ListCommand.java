// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.json.ListJson;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.StalledTask;
import io.github.kpatch.operation.ListPatches;
import io.github.kpatch.operation.ListPatches.Listing;
import io.github.kpatch.store.InstalledModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch list}. Other programs read what it prints: without options exactly two paragraphs. */
public final class ListCommand implements Command {
    private static final String FUNCTIONS = "--functions";
    private static final String FIXES = "--cve";

    @Override
    public CommandSpec spec() {
        return Options.command("Show the loaded patch modules and their state, and the installed ones.")
                .addOption(Options.flag(
                        FUNCTIONS, "Show each function that is patched now as well, and the module in effect."))
                .addOption(Options.flag(
                        FIXES, "Show each vulnerability that is fixed now as well, as the patch modules name them."))
                .addOption(Options.root());
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        boolean functions = Options.has(arguments, FUNCTIONS);
        boolean fixes = Options.has(arguments, FIXES);
        ListPatches list = new ListPatches(session.host());
        Optional<Path> root = Options.root(arguments);
        Listing listing = root.isPresent() ? list.readUnder(root.get(), functions, fixes) : list.read(functions, fixes);
        listing.unreadable().forEach(session::remark);
        if (session.document().isPresent()) {
            Optional<String> kernel = root.isPresent()
                    ? Optional.empty()
                    : session.host().kernel().knownVersion();
            session.document().get().facts(json -> ListJson.write(json.text("kernel", kernel), listing));
        } else {
            print(listing, session.console());
        }
    }

    private static void print(Listing listing, Console console) {
        console.line("Loaded patch modules:");
        for (LoadedPatch patch : listing.loaded()) {
            console.line(patch.name() + " [" + patch.state().text() + "]");
        }
        console.line("");
        console.line("Installed patch modules:");
        for (InstalledModule module : listing.installed()) {
            console.line(module.name() + " (" + module.kernelVersion() + ")");
        }
        if (listing.functions().isPresent()) {
            console.line("");
            console.line("Patched functions:");
            for (ListPatches.Patched patched : listing.functions().get()) {
                console.line(
                        patched.object() + ": " + Options.text(patched.function()) + " [" + patched.inEffect() + "]");
            }
        }
        if (listing.fixes().isPresent()) {
            console.line("");
            console.line("Fixed vulnerabilities:");
            for (ListPatches.Fix fix : listing.fixes().get()) {
                console.line(fix.cve() + " [" + fix.by() + "]");
            }
        }
        tellUnswitched(listing.unswitched(), console);
        for (String sentence : listing.heldBack()) {
            console.error("kpatch: " + sentence);
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
