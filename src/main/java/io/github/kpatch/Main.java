// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch;

import io.github.kpatch.cli.Environment;
import io.github.kpatch.cli.KpatchCli;
import io.github.kpatch.kernel.Roots;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/** The entry point. */
public final class Main {
    private Main() {}

    /** Runs kpatch, or kpatch-build, on this machine and exits with its status. */
    public static void main(String[] args) {
        Roots roots = new Roots(Path.of(System.getProperty("kpatch.root", "/"))); // another one is for measurements
        Map<String, String> variables = System.getenv();
        String path = variables.getOrDefault("PATH", "/usr/bin:/bin");
        Environment environment = new Environment(
                log -> new LinuxMachine(roots, path, log),
                variables,
                isTerminal("1"),
                isTerminal("2"),
                isTerminal("u"));
        // not System.out and System.err, which hide errors
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        int status = Boolean.getBoolean("kpatch.build")
                ? Building.cli(environment).run(args, out, err)
                : new KpatchCli(environment).run(args, out, err);
        if (status != 0) { // since Java 21 that looks for a logger in every jar, which a return does not
            System.exit(status);
        }
    }

    /** The launcher tells which of the standard streams are terminals, as Java 17 cannot, and whether they show UTF-8. */
    private static boolean isTerminal(String stream) {
        return System.getProperty("kpatch.terminals", "").contains(stream);
    }
}
