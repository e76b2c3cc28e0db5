// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import io.github.kpatch.cli.UsageException;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The grammar of kpatch-build's command line: the options of the tool of that name that people know, and ours. */
final class BuildSyntax {
    static final String PROGRAM = "kpatch-build";
    static final String FORMAT = "--output-format";

    private BuildSyntax() {}

    static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create().name(PROGRAM);
        spec.usageMessage()
                .description("Builds a patch module (live patch) from source patches against a kernel.")
                .footer("", "Exit status: 0 it was built, 1 it was not, 2 the command line is wrong.");
        addKernel(spec);
        addResult(spec);
        addManner(spec);
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .paramLabel("PATCH")
                .description("A source patch (unified diff); several become one module, applied in this order.")
                .build());
        CommandLine commandLine = new CommandLine(spec);
        commandLine.setExpandAtFiles(false);
        commandLine.setInterpolateVariables(false);
        return commandLine;
    }

    static boolean callsDiffObject(String[] arguments) {
        return arguments.length > 0 && arguments[0].equals(DiffObjectCommand.NAME);
    }

    /** Whether the arguments ask for JSON, before it is known whether they are right; help and version are always text. */
    static boolean asksForJson(String[] arguments) {
        List<String> words = List.of(arguments);
        boolean json =
                words.contains(FORMAT + "=json") || Collections.indexOfSubList(words, List.of(FORMAT, "json")) >= 0;
        return json
                && !callsDiffObject(arguments)
                && words.stream().noneMatch(word -> word.matches("--help|--version|-[dR]*h"));
    }

    private static void addKernel(CommandSpec spec) {
        spec.addOption(value(
                        "VERSION",
                        "The kernel to build for, as uname -r says it; by default the running one.",
                        "-a",
                        "--archversion"))
                .addOption(value("FILE", "Take the kernel's sources from this source RPM.", "-r", "--sourcerpm"))
                .addOption(value(
                        "DIR",
                        "Take the kernel's sources from this tree, which is copied and never changed; by default the"
                                + " distribution's source package is found or fetched.",
                        "-s",
                        "--sourcedir"))
                .addOption(value(
                        "FILE",
                        "The kernel's configuration; by default DIR/.config or that in /boot.",
                        "-c",
                        "--config"))
                .addOption(value(
                        "FILE", "The kernel's uncompressed image, for its symbols and compiler.", "-v", "--vmlinux"))
                .addOption(value(
                        "FILE",
                        "Take the positions of symbols from this System.map, kallsyms dump, vmlinux or vmlinuz.",
                        "--symbols"))
                .addOption(value(
                        "FILE", "Patch this module from outside of the kernel's tree, not the kernel.", "--oot-module"))
                .addOption(value("DIR", "The sources of that module.", "--oot-module-src"));
    }

    private static void addResult(CommandSpec spec) {
        spec.addOption(value("NAME", "The module's name; by default livepatch- and the patch's name.", "-n", "--name"))
                .addOption(value("DIR", "Where the module is put; by default the current directory.", "-o", "--output"))
                .addOption(
                        flag("Leave patch modules that are loaded in effect beside this one.", "-R", "--non-replace"))
                .addOption(values(
                        "NAME", "A vulnerability that is fixed, CVE-YEAR-NUMBER, for the module's modinfo.", "--cve"))
                .addOption(value("TEXT", "What the module does, for its modinfo.", "--description"))
                .addOption(value(
                        "KEY", "Sign the module by this private key: a PEM file, or a PKCS#11 URI.", "--sign-key"))
                .addOption(value("FILE", "The X.509 certificate of that key.", "--sign-cert"));
    }

    private static void addManner(CommandSpec spec) {
        spec.addOption(value("N", "How many compilers run at once; by default one for each processor.", "-j", "--jobs"))
                .addOption(values("TARGET", "What make builds under --full-build; may be repeated.", "-t", "--target"))
                .addOption(flag(
                        "Compare all objects of the kernel, built wholly, without and with the patch.", "--full-build"))
                .addOption(flag("Stop after the comparison, and say what would be patched.", "--check"))
                .addOption(flag(
                        "Build with another compiler than the kernel was built with. Not recommended: the patched"
                                + " kernel may crash.",
                        "--skip-compiler-check",
                        "--skip-gcc-check"))
                .addOption(flag("Leave in place what was made on the way.", "--skip-cleanup"))
                .addOption(OptionSpec.builder("-d", "--debug")
                        .type(boolean[].class)
                        .arity("0")
                        .description(
                                "Show what the called programs print, and leave in place what was made on the way.")
                        .build())
                .addOption(value("FORMAT", "Print 'text' (the default), or 'json': one object for programs.", FORMAT))
                .addOption(flag("Print the version.", "--version"))
                .addOption(OptionSpec.builder("-h", "--help")
                        .type(boolean.class)
                        .arity("0")
                        .usageHelp(true)
                        .description("Print this help.")
                        .build());
    }

    private static OptionSpec value(String label, String description, String... names) {
        return option(label, description, names).type(String.class).build();
    }

    private static OptionSpec values(String label, String description, String... names) {
        return option(label, description, names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build();
    }

    private static OptionSpec.Builder option(String label, String description, String... names) {
        return OptionSpec.builder(names).arity("1").paramLabel(label).description(description);
    }

    private static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    /** What is wrong with a command line, in our words. */
    static UsageException explain(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return new UsageException(
                    "there is no option " + unmatched.getUnmatched().get(0));
        }
        if (e instanceof MissingParameterException missing
                && missing.getMissing().size() == 1
                && missing.getMissing().get(0) instanceof OptionSpec option) {
            return new UsageException(option.longestName() + " needs a value");
        }
        return new UsageException(String.valueOf(e.getMessage()));
    }
}
