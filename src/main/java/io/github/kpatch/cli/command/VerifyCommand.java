// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.operation.VerifyModules;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch verify}. */
public final class VerifyCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("Tell of each installed patch module whether it is still what was installed.")
                .addOption(Options.root());
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        new VerifyModules(session.host(), session.progress()).verify(Options.root(arguments));
    }
}
