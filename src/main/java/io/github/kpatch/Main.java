// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch;

import io.github.kpatch.cli.Environment;
import io.github.kpatch.cli.KpatchCli;
import io.github.kpatch.kernel.Roots;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;

/** The entry point. */
public final class Main {
    private Main() {}

    /** Runs kpatch on this machine and exits with its status. */
    public static void main(String[] args) {
        Roots roots = new Roots(Path.of(System.getProperty("kpatch.root", "/"))); // another one is for measurements
        Environment environment = new Environment(
                log -> new LinuxMachine(roots, log),
                System.getenv(),
                isTerminal("1"),
                isTerminal("2"),
                isTerminal("u"));
        // not System.out and System.err, which hide errors
        System.exit(new KpatchCli(environment)
                .run(args, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err)));
    }

    /** The launcher tells which of the standard streams are terminals, as Java 17 cannot, and whether they show UTF-8. */
    private static boolean isTerminal(String stream) {
        return System.getProperty("kpatch.terminals", "").contains(stream);
    }
}
