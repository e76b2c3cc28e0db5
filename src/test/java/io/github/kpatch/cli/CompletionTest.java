// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    private Path directory = Path.of("");

    /** What bash offers for a command line that ends where the cursor is. */
    private List<String> offered(String... words) throws Exception {
        Path script = Files.writeString(directory.resolve("kpatch"), Completion.script());
        String line = "source " + script + "; COMP_WORDS=(kpatch " + String.join(" ", words) + "); COMP_CWORD="
                + words.length + "; _complete_kpatch; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "--norc", "-c", line)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // it is no completion that bash itself asked for
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), output);
        return output.lines().map(String::strip).toList();
    }

    @Test
    void commandsAreCompleted() throws Exception {
        assertEquals(List.of("unload", "uninstall", "unhold"), offered("un"));
        for (Verb verb : Verb.values()) {
            String begun = verb.text().substring(0, verb.text().length() - 1);
            assertTrue(offered(begun).contains(verb.text()), verb.text());
        }
    }

    @Test
    void optionsAreCompleted() throws Exception {
        assertEquals(List.of("--on-stall"), offered("load", "--on"));
        assertEquals(List.of("--kernel-version"), offered("install", "--ke"));
    }
}
