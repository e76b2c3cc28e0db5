// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    private Path directory = Path.of("");

    private List<String> offered(String... words) throws Exception {
        return Completion.ofKpatch().offered(directory, words);
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
