// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.json.StatusJson;
import io.github.kpatch.kernel.Taint;
import io.github.kpatch.module.Cve;
import io.github.kpatch.operation.InstalledCopy;
import io.github.kpatch.operation.ShowStatus;
import io.github.kpatch.operation.ShowStatus.Loaded;
import io.github.kpatch.operation.ShowStatus.Status;
import io.github.kpatch.store.InstalledModule;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch status}: one screen for people; programs read {@code list}. */
public final class StatusCommand implements Command {
    /** Where the values of the first lines begin. */
    private static final int VALUES = 12;

    /** As many as fit a line. */
    private static final int FIXES_NAMED = 3;

    @Override
    public CommandSpec spec() {
        return Options.command("Show on one screen what the kernel runs, what is installed, and where they differ.");
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        Status status = new ShowStatus(session.host()).read();
        if (session.document().isPresent()) {
            session.document().get().facts(json -> StatusJson.write(json, status));
        } else {
            print(status, session.console());
        }
    }

    private static void print(Status status, Console console) {
        field("Kernel", status.kernelVersion() + ", " + support(status.support()), console);
        taints(status.taints(), console);
        status.service().ifPresent(state -> field("Boot", "kpatch.service is " + state, console));
        for (Loaded loaded : status.loaded()) {
            if (loaded.patch().state().inTransition()) {
                field("Transition", transition(loaded, status), console);
            }
        }
        loaded(status.loaded(), console);
        modules("Installed for this kernel, and not loaded:", status.waiting(), console);
        modules("On hold, and so not loaded at boot:", status.onHold(), console);
        if (!status.held().isEmpty()) {
            console.line("");
            console.line("Boot guard:");
            status.held().forEach(sentence -> console.line("  " + sentence));
        }
    }

    private static String support(ShowStatus.Support support) {
        return switch (support) {
            case LIVEPATCH -> "with livepatch";
            case CORE_MODULE -> "with the kpatch core module";
            case NONE -> "with neither livepatch nor the kpatch core module";
        };
    }

    /** A line for each. */
    private static void taints(List<Taint> taints, Console console) {
        String name = "Taints";
        if (taints.isEmpty()) {
            field(name, "none", console);
        }
        for (Taint taint : taints) {
            field(name, taint.letter() + ": " + taint.words(), console);
            name = "";
        }
    }

    private static String transition(Loaded loaded, Status status) {
        String text = loaded.patch().name() + " is " + loaded.patch().state().text();
        if (status.unswitched().isEmpty()) {
            return text;
        }
        return text + " " + Options.yetToSwitch(status.unswitched().getAsInt());
    }

    private static void loaded(List<Loaded> modules, Console console) {
        console.line("");
        if (modules.isEmpty()) {
            console.line("No patch module is loaded.");
            return;
        }
        console.line("Loaded, from the top of the stack down:");
        int width = 0;
        for (Loaded module : modules) {
            width = Math.max(width, module.patch().name().toString().length());
        }
        for (Loaded module : modules) {
            String name = module.patch().name().toString();
            console.line("  " + name + " ".repeat(width - name.length()) + "  "
                    + module.patch().state().text() + ", " + Options.counted(module.functions(), "function")
                    + (module.replaces().orElse(false) ? ", replaces those before it" : "") + "; "
                    + copy(module.installed())
                    + (module.onHold() ? ", but on hold: gone after a boot" : ""));
            String indent = "  " + " ".repeat(width) + "  ";
            if (!module.fixes().isEmpty()) {
                console.line(indent + fixes(module.fixes()));
            }
            for (String object : module.pending()) {
                console.line(indent + "patches " + object + " once that is loaded");
            }
        }
    }

    private static String fixes(List<Cve> fixes) {
        return fixes.size() > FIXES_NAMED
                ? "fixes " + fixes.size() + " vulnerabilities, which 'kpatch list --cve' names"
                : "fixes " + fixes.stream().map(Cve::toString).collect(Collectors.joining(", "));
    }

    private static String copy(InstalledCopy copy) {
        return switch (copy) {
            case SAME -> "is installed";
            case ANOTHER -> "another module of that name is installed";
            case UNKNOWN -> "a module of that name is installed, the same or another";
            case NONE -> "is not installed: gone after a boot";
        };
    }

    private static void modules(String heading, List<InstalledModule> modules, Console console) {
        if (modules.isEmpty()) {
            return;
        }
        console.line("");
        console.line(heading);
        for (InstalledModule module : modules) {
            console.line("  " + module.name());
        }
    }

    private static void field(String name, String value, Console console) {
        console.line(name + " ".repeat(VALUES - name.length()) + value);
    }
}
