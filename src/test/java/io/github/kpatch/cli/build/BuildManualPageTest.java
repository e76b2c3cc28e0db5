// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.source.Disk;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.ManualPage;
import io.github.kpatch.testing.OptionNames;
import io.github.kpatch.testing.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

/** Holds the manual page and the README against kpatch-build. */
class BuildManualPageTest {
    private static final Pattern CALL = Pattern.compile("(?m)^(?: {4}# | {4}|`)?kpatch-build ([^#`\n]*)");
    private static final CommandSpec PROGRAM = BuildSyntax.commandLine().getCommandSpec();

    private final ManualPage page = ManualPage.read(Path.of("man/kpatch-build.8"));
    private final ManualPage guide = ManualPage.read(Path.of("man/kpatch-patch-author.7"));
    private final String readme = Files.readString(Path.of("README.md"));
    private final BuildScene scene;

    BuildManualPageTest(@TempDir Path directory) throws IOException {
        scene = new BuildScene(directory);
    }

    @Test
    void pageHasEveryOptionInTheOrderOfTheHelpAndNoOther() {
        assertEquals(
                OptionNames.tags(PROGRAM.options()),
                page.subsections("OPTIONS").stream()
                        .flatMap(section -> section.entries().stream())
                        .flatMap(entry -> entry.tags().stream())
                        .toList());
    }

    @Test
    void pageHasEveryExitStatus() {
        assertEquals(
                List.of("0", "1", "2", "3"),
                page.section("EXIT STATUS").entries().stream()
                        .map(entry -> String.join(" ", entry.tags()))
                        .toList());
    }

    @Test
    void pageHasTheOperandsOfDiffObject() {
        String complaint = scene.run("diff-object").endsWith(2).stderr();
        String operands = complaint.substring(complaint.indexOf("ORIG.o"), complaint.indexOf(";"));
        String synopsis = page.section("SYNOPSIS").text().toString();
        assertTrue(synopsis.endsWith("kpatch-build diff-object " + operands), synopsis);
    }

    @Test
    void examplesOfThePagesCallOptionsThatThereAre() {
        assertCalls(String.join("\n", page.section("EXAMPLES").verbatim()), 6);
        Set<String> named =
                OptionNames.in(guide.section("TESTING A PATCH").text().toString());
        named.removeAll(OptionNames.of(PROGRAM));
        assertEquals(Set.of(), named);
    }

    @Test
    void readmeCallsOptionsThatThereAre() {
        assertCalls(readme, 3);
        Set<String> named = OptionNames.in(section());
        named.removeAll(OptionNames.of(PROGRAM));
        assertEquals(Set.of("-l"), named); // that of man
    }

    @Test
    void readmeShowsWhatTheProgramPrints() {
        Disk.write(scene.sources.resolve(BuildScene.SOURCE), "1\n2\n");
        Disk.write(scene.sources.resolve("fs/pipe.c"), "1\n");
        Path archive = scene.machine.roots().root().resolve("usr/src/linux-source-6.1.tar.xz");
        Disk.write(archive, "an archive");
        scene.machine.tools().has("tar", (command, directory, line) -> {
            Path tree = Path.of(command.get(command.indexOf("-C") + 1));
            List.of("Makefile", BuildScene.SOURCE, "fs/pipe.c")
                    .forEach(file -> Disk.copy(scene.sources.resolve(file), tree.resolve(file)));
            return 0;
        });
        assertShown("meminfo.patch", BuildScene.SOURCE, "meminfo_proc_show\n2\n");
        assertShown("other.patch", BuildScene.SOURCE, "1\nmeminfo_proc_show\n");
        scene.refusals.add(
                "variable pipe_max_size in .data.pipe_max_size: its initial value or its size changed, and the"
                        + " kernel has long been using it");
        assertShown("pipe.patch", "fs/pipe.c", "2\n");
    }

    private void assertShown(String name, String file, String text) {
        Path home = scene.machine.home();
        Outcome outcome = scene.run("-o", home, scene.patch(name, file, text));
        String printed = (outcome.stdout() + outcome.stderr())
                .replace(scene.machine.roots().root() + "/usr", "/usr")
                .replace(home + "/.kpatch", "/root/.kpatch")
                .replace(home + "/", "")
                .replace(FakeKernel.VERSION, "6.1.0-56-amd64");
        StringBuilder shown = new StringBuilder("    # kpatch-build " + name + "\n");
        printed.lines().forEach(line -> shown.append("    ").append(line).append('\n'));
        assertEquals(lasting(shown.toString()), lasting(block(name)));
    }

    /** The indented lines from a call on, to the next call or the end of the indentation. */
    private String block(String patch) {
        String start = "    # kpatch-build " + patch + "\n";
        Matcher block =
                Pattern.compile(Pattern.quote(start) + "(?: {4}(?!#).*\n)*").matcher(readme);
        assertTrue(block.find(), start);
        return block.group();
    }

    private static String lasting(String text) {
        return text.replaceAll("[0-9]+\\.[0-9] seconds", "some seconds");
    }

    private String section() {
        int start = readme.indexOf("\n## Building patch modules\n");
        assertTrue(start > 0);
        return readme.substring(start, readme.indexOf("\n## ", start + 1));
    }

    private static void assertCalls(String text, int atLeast) {
        Matcher call = CALL.matcher(text);
        Set<String> calls = new TreeSet<>();
        while (call.find()) {
            calls.add(call.group(1));
            Set<String> unknown = OptionNames.in(call.group(1).replace("uname -r", ""));
            unknown.removeAll(OptionNames.of(PROGRAM));
            assertEquals(Set.of(), unknown, call.group());
        }
        assertTrue(calls.size() >= atLeast, "found only " + calls);
    }
}
