// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.OpenMetrics;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.Version;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.operation.InstalledCopy;
import io.github.kpatch.operation.ShowStatus;
import io.github.kpatch.operation.ShowStatus.Loaded;
import io.github.kpatch.operation.ShowStatus.Status;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch metrics}. */
public final class MetricsCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Print how this machine stands as OpenMetrics text, such as for node_exporter.")
                .addOption(TextOutput.option(
                        "Write it to a file instead, which is at all times the old one or the new one."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        Status status = new ShowStatus(session.host()).read();
        status.unreadable().forEach(session::remark);
        TextOutput.write(metrics(status), "metrics", arguments, session);
    }

    private static String metrics(Status status) {
        OpenMetrics metrics = new OpenMetrics();
        metrics.family("kpatch_build_info", "The version of kpatch.").sample(1, "version", Version.text());
        metrics.family("kpatch_kernel_info", "The running kernel, and by what it can be patched.")
                .sample(
                        1,
                        "kernel",
                        status.kernelVersion(),
                        "support",
                        status.support().word());
        loaded(status, metrics);
        transition(status, metrics);
        metrics.family("kpatch_modules_installed", "Patch modules that are installed for the running kernel.")
                .sample(status.installed());
        metrics.family(
                        "kpatch_modules_not_loaded",
                        "Of those, how many are neither loaded, nor replaced by one that is, nor on hold.")
                .sample(status.waiting().size());
        metrics.family("kpatch_modules_on_hold", "Of those, how many are on hold and not loaded.")
                .sample(status.onHold().size());
        metrics.family(
                        "kpatch_modules_unreadable",
                        "Of those installed, how many cannot be read, so that it is not known what they fix.")
                .sample(status.unreadable().size());
        metrics.family("kpatch_modules_held_back", "Patch modules that the boot guard holds back.")
                .sample(status.held().size());
        return metrics.end();
    }

    private static void loaded(Status status, OpenMetrics metrics) {
        metrics.family("kpatch_modules_loaded", "Patch modules that are loaded.")
                .sample(status.loaded().size());
        metrics.family("kpatch_modules_not_installed", "Of those, how many are not installed, and gone after a boot.")
                .sample(status.loaded().stream()
                        .filter(module ->
                                module.installed() == InstalledCopy.NONE || module.installed() == InstalledCopy.ANOTHER)
                        .count());
        metrics.family("kpatch_module_enabled", "Whether a loaded patch module is enabled.");
        for (Loaded module : status.loaded()) {
            metrics.sample(module.patch().state() == PatchState.ENABLED ? 1 : 0, "module", name(module));
        }
        metrics.family("kpatch_module_functions", "How many functions a loaded patch module patches.");
        for (Loaded module : status.loaded()) {
            metrics.sample(module.functions(), "module", name(module));
        }
        metrics.family("kpatch_vulnerability_fixed", "A known vulnerability that a loaded patch module fixes.");
        for (Loaded module : status.loaded()) {
            module.fixes().forEach(cve -> metrics.sample(1, "cve", cve.toString(), "module", name(module)));
        }
    }

    private static void transition(Status status, OpenMetrics metrics) {
        boolean running = status.loaded().stream()
                .anyMatch(module -> module.patch().state().inTransition());
        metrics.family("kpatch_transition_running", "Whether a transition is running.")
                .sample(running ? 1 : 0);
        status.transitionSince()
                .ifPresent(since -> metrics.family(
                                "kpatch_transition_start_time_seconds",
                                "When the running transition began, in seconds since 1970.")
                        .sample(since.getEpochSecond()));
        status.unswitched()
                .ifPresent(tasks -> metrics.family(
                                "kpatch_transition_tasks", "Tasks that have yet to switch in the running transition.")
                        .sample(tasks));
    }

    private static String name(Loaded module) {
        return module.patch().name().toString();
    }
}
