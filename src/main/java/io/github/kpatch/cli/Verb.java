// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.cli.command.BlockingCommand;
import io.github.kpatch.cli.command.CheckCommand;
import io.github.kpatch.cli.command.ForceCommand;
import io.github.kpatch.cli.command.GuardCommand;
import io.github.kpatch.cli.command.HistoryCommand;
import io.github.kpatch.cli.command.HoldCommand;
import io.github.kpatch.cli.command.InfoCommand;
import io.github.kpatch.cli.command.InstallCommand;
import io.github.kpatch.cli.command.ListCommand;
import io.github.kpatch.cli.command.LoadCommand;
import io.github.kpatch.cli.command.MetricsCommand;
import io.github.kpatch.cli.command.PruneCommand;
import io.github.kpatch.cli.command.ReportCommand;
import io.github.kpatch.cli.command.SignalCommand;
import io.github.kpatch.cli.command.StatusCommand;
import io.github.kpatch.cli.command.UninstallCommand;
import io.github.kpatch.cli.command.UnloadCommand;
import io.github.kpatch.cli.command.VerifyCommand;
import io.github.kpatch.cli.command.WaitCommand;
import java.util.Optional;

/** The commands by name, in the order in which the help shows them. */
enum Verb {
    LOAD("load"),
    UNLOAD("unload"),
    INSTALL("install"),
    UNINSTALL("uninstall"),
    LIST("list"),
    STATUS("status"),
    INFO("info"),
    CHECK("check"),
    BLOCKING("blocking"),
    WAIT("wait"),
    SIGNAL("signal"),
    FORCE("force"),
    PRUNE("prune"),
    HOLD("hold"),
    UNHOLD("unhold"),
    VERIFY("verify"),
    HISTORY("history"),
    METRICS("metrics"),
    REPORT("report"),
    GUARD("guard");

    private final String text;

    Verb(String text) {
        this.text = text;
    }

    static Optional<Verb> of(String text) {
        for (Verb verb : values()) {
            if (verb.text.equals(text)) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }

    String text() {
        return text;
    }

    /** The command; its class is loaded only now. */
    Command command() {
        return switch (this) {
            case LOAD -> new LoadCommand();
            case UNLOAD -> new UnloadCommand();
            case INSTALL -> new InstallCommand();
            case UNINSTALL -> new UninstallCommand();
            case LIST -> new ListCommand();
            case INFO -> new InfoCommand();
            case STATUS -> new StatusCommand();
            case CHECK -> new CheckCommand();
            case BLOCKING -> new BlockingCommand();
            case WAIT -> new WaitCommand();
            case SIGNAL -> new SignalCommand();
            case FORCE -> new ForceCommand();
            case PRUNE -> new PruneCommand();
            case HOLD -> new HoldCommand(true);
            case UNHOLD -> new HoldCommand(false);
            case HISTORY -> new HistoryCommand();
            case VERIFY -> new VerifyCommand();
            case METRICS -> new MetricsCommand();
            case REPORT -> new ReportCommand();
            case GUARD -> new GuardCommand();
        };
    }
}
