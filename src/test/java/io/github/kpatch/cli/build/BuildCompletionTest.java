// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.OptionSpec;

class BuildCompletionTest {
    @TempDir
    private Path directory = Path.of("");

    private List<String> offered(String... words) throws Exception {
        return BuildCompletion.ofBuild().offered(directory, words);
    }

    @Test
    void everyLongOptionIsCompleted() throws Exception {
        for (OptionSpec option : BuildSyntax.commandLine().getCommandSpec().options()) {
            String name = option.longestName();
            assertTrue(offered(name.substring(0, name.length() - 1)).contains(name), name);
        }
    }

    @Test
    void optionsAreCompletedAfterPatchesToo() throws Exception {
        assertEquals(List.of("--sourcerpm", "--sourcedir"), offered("fix.patch", "--source"));
    }
}
