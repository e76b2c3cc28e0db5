// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.Transitions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch signal}. */
public final class SignalCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command(
                "Poke the tasks that stall the running transition, where the kernel does not do so itself.");
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        new Transitions(session.host(), session.progress()).signal();
    }
}
