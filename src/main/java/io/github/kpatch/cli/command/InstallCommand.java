// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.UsageException;
import io.github.kpatch.operation.InstallPatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch install}. */
public final class InstallCommand implements Command {
    private static final String EARLY = "--early";
    private static final String DRY_RUN = "--dry-run";

    @Override
    public CommandSpec spec() {
        return Options.command("Copy a patch module into the install DB, from which it is loaded at boot.")
                .addOption(
                        Options.kernelVersion(
                                "The kernel to install it for; by default the running one, or with --root the one it is built for."))
                .addOption(Options.root())
                .addOption(
                        Options.flag(
                                EARLY,
                                "Load it already from the initramfs, which is made again for that; the boot guard is not at work there."))
                .addOption(Options.flag(DRY_RUN, "Tell what would become of it, and install nothing."))
                .addPositional(Options.module("1", "The patch module's file."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        boolean early = Options.has(arguments, EARLY);
        if (early && Options.root(arguments).isPresent()) {
            throw new UsageException("--early and --root exclude each other; run kpatch in a chroot of the image");
        }
        InstallPatch install = new InstallPatch(session.host(), session.progress());
        String module = Options.module(arguments).orElseThrow();
        if (Options.has(arguments, DRY_RUN)) {
            if (early) {
                throw new UsageException("--early and --dry-run exclude each other");
            }
            boolean change = install.wouldInstall(module, Options.kernelVersion(arguments), Options.root(arguments));
            session.document().ifPresent(document -> document.facts(json -> json.flag("wouldInstall", change)));
        } else {
            install.install(module, Options.kernelVersion(arguments), Options.root(arguments), early);
        }
    }
}
