// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Section;
import io.github.kpatch.cli.Style;
import io.github.kpatch.cli.Styled;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.Taint;
import io.github.kpatch.module.Cve;
import io.github.kpatch.operation.BootResult;
import io.github.kpatch.operation.InstalledCopy;
import io.github.kpatch.operation.ShowBoot.Boot;
import io.github.kpatch.operation.ShowStatus.Loaded;
import io.github.kpatch.operation.ShowStatus.Status;
import io.github.kpatch.operation.ShowStatus.Support;
import io.github.kpatch.store.InstalledModule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The screen of {@code kpatch status}. */
final class StatusScreen {
    /** Where the values of the first lines begin. */
    private static final int VALUES = 12;
    /** As many as fit a line. */
    private static final int FIXES_NAMED = 3;

    private final Status status;
    private final List<Section> sections = new ArrayList<>();

    private StatusScreen(Status status) {
        this.status = status;
    }

    static List<Section> of(Status status, Boot boot) {
        StatusScreen screen = new StatusScreen(status);
        screen.machine(boot);
        screen.loaded();
        screen.modules("Installed for this kernel, and not loaded", status.waiting(), Style.WARNING);
        screen.modules("On hold, and so not loaded at boot", status.onHold(), Style.PLAIN);
        screen.sentences("Cannot be read", status.unreadable());
        screen.sentences("Boot guard", status.held());
        return screen.sections;
    }

    private void machine(Boot boot) {
        List<Styled> lines = new ArrayList<>();
        lines.add(field("Kernel", Style.PLAIN, status.kernelVersion() + ", ")
                .add(status.support() == Support.NONE ? Style.BAD : Style.PLAIN, support(status.support())));
        taints(lines);
        boot(boot, lines);
        for (Loaded loaded : status.loaded()) {
            if (loaded.patch().state().inTransition()) {
                lines.add(field("Transition", Style.WARNING, transition(loaded)));
            }
        }
        sections.add(new Section("", lines, VALUES));
    }

    private static String support(Support support) {
        return switch (support) {
            case LIVEPATCH -> "with livepatch";
            case CORE_MODULE -> "with the kpatch core module";
            case NONE -> "with neither livepatch nor the kpatch core module";
        };
    }

    /** A line for each. */
    private void taints(List<Styled> lines) {
        if (status.taints().isEmpty()) {
            lines.add(field("Taints", Style.PLAIN, "none"));
        }
        String name = "Taints";
        for (Taint taint : status.taints()) {
            lines.add(field(name, Style.PLAIN, taint.letter() + ": " + taint.words()));
            name = "";
        }
    }

    private static void boot(Boot boot, List<Styled> lines) {
        int before = lines.size();
        boot.service()
                .ifPresent(state -> lines.add(
                        field("Boot", state.equals("failed") ? Style.BAD : Style.PLAIN, "kpatch.service is " + state)));
        if (boot.result().isPresent()) {
            BootResult result = boot.result().get();
            lines.add(field(
                    lines.size() > before ? "" : "Boot",
                    Style.PLAIN,
                    "it loaded " + Options.counted(result.loaded(), "patch module") + " at " + result.time()));
            result.failures().forEach(failure -> lines.add(field("", Style.BAD, failure)));
        }
    }

    private String transition(Loaded loaded) {
        String text = loaded.patch().name() + " is " + loaded.patch().state().text();
        return status.unswitched().isEmpty()
                ? text
                : text + " " + Options.yetToSwitch(status.unswitched().getAsInt());
    }

    private void loaded() {
        if (status.loaded().isEmpty()) {
            sections.add(new Section("", List.of(Styled.of("No patch module is loaded.")), 0));
            return;
        }
        int width = 0;
        for (Loaded module : status.loaded()) {
            width = Math.max(width, module.patch().name().toString().length());
        }
        List<Styled> lines = new ArrayList<>();
        for (Loaded module : status.loaded()) {
            String name = module.patch().name().toString();
            lines.add(new Styled()
                    .add(Style.HEADING, name)
                    .add(" ".repeat(width - name.length()) + "  ")
                    .add(colour(module.patch().state()), module.patch().state().text())
                    .add(", " + Options.counted(module.functions(), "function")
                            + (module.replaces().orElse(false) ? ", replaces those before it" : "") + "; ")
                    .add(module.installed() == InstalledCopy.SAME ? Style.PLAIN : Style.WARNING, copy(module))
                    .add(Style.WARNING, module.onHold() ? ", but on hold: gone after a boot" : ""));
            String indent = " ".repeat(width + 2);
            if (!module.fixes().isEmpty()) {
                lines.add(Styled.of(indent).add(Style.GOOD, fixes(module.fixes())));
            }
            for (String object : module.pending()) {
                lines.add(Styled.of(indent).add(Style.WARNING, "patches " + object + " once that is loaded"));
            }
        }
        sections.add(new Section("Loaded, from the top of the stack down", lines, width + 2));
    }

    private static Style colour(PatchState state) {
        return switch (state) {
            case ENABLED -> Style.GOOD;
            case ENABLING, DISABLING -> Style.WARNING;
            case DISABLED -> Style.BAD;
        };
    }

    private static String fixes(List<Cve> fixes) {
        return fixes.size() > FIXES_NAMED
                ? "fixes " + fixes.size() + " vulnerabilities, which 'kpatch list --cve' names"
                : "fixes " + fixes.stream().map(Cve::toString).collect(Collectors.joining(", "));
    }

    private static String copy(Loaded module) {
        return switch (module.installed()) {
            case SAME -> "is installed";
            case ANOTHER -> "another module of that name is installed";
            case UNKNOWN -> "a module of that name is installed, the same or another";
            case NONE -> "is not installed: gone after a boot";
        };
    }

    private void modules(String title, List<InstalledModule> modules, Style style) {
        if (!modules.isEmpty()) {
            sections.add(new Section(
                    title,
                    modules.stream()
                            .map(module -> Styled.of(style, module.name()))
                            .toList(),
                    2));
        }
    }

    private void sentences(String title, List<String> sentences) {
        if (!sentences.isEmpty()) {
            sections.add(new Section(
                    title,
                    sentences.stream()
                            .map(sentence -> Styled.of(Style.BAD, sentence))
                            .toList(),
                    2));
        }
    }

    private static Styled field(String name, Style style, String value) {
        return new Styled()
                .add(Style.HEADING, name)
                .add(" ".repeat(VALUES - name.length()))
                .add(style, value);
    }
}
