// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.json.BlockingJson;
import io.github.kpatch.operation.ShowBlocking;
import io.github.kpatch.operation.ShowBlocking.Blocking;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch blocking}. */
public final class BlockingCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Show the tasks that hold up the running transition, where they are in the kernel, and"
                + " which function keeps them from switching.");
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        Optional<Blocking> blocking = new ShowBlocking(session.host()).read();
        if (session.document().isPresent()) {
            session.document().get().facts(json -> BlockingJson.write(json, blocking));
        } else if (blocking.isEmpty()) {
            session.console().line("no transition is running");
        } else {
            print(blocking.get(), session.console());
        }
    }

    private static void print(Blocking blocking, Console console) {
        int tasks = blocking.processes().stream()
                .mapToInt(process -> process.tasks().size())
                .sum();
        console.line(blocking.patch().name() + " [" + blocking.patch().state().text() + "]");
        console.line(
                tasks == 0
                        ? "no task in /proc has yet to switch; the idle tasks, which are not there, may have"
                        : Options.yetToSwitch(tasks) + ":");
        for (ShowBlocking.ProcessTasks process : blocking.processes()) {
            console.line("");
            console.line(("Process " + process.pid() + " " + process.name()).strip());
            process.tasks().forEach(task -> print(task, console));
        }
    }

    private static void print(ShowBlocking.Task task, Console console) {
        console.line("  task " + task.tid() + " " + task.name()
                + task.state().map(state -> ", " + state).orElse("")
                + task.waitChannel().map(function -> " in " + function).orElse(""));
        for (ShowBlocking.Frame frame : task.frames()) {
            console.line("    " + frame.text()
                    + frame.why().map(why -> "  <- " + why).orElse(""));
        }
    }
}
