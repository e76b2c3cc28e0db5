// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The completion for bash of a program, as picocli generates it from the grammar. */
public record BashCompletion(String program, CommandLine grammar) {

    /** Writes it into a directory, as bash looks for it. */
    public Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        return Files.writeString(directory.resolve(program), AutoComplete.bash(program, grammar));
    }

    /** What bash offers for a command line that ends where the cursor is. */
    public List<String> offered(Path directory, String... words) throws IOException, InterruptedException {
        String line = "source " + write(directory) + "; COMP_WORDS=(" + program + " " + String.join(" ", words)
                + "); COMP_CWORD=" + words.length + "; _complete_" + program
                + "; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "--norc", "-c", line)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // it is no completion that bash itself asked for
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), output);
        return output.lines().map(String::strip).toList();
    }
}
