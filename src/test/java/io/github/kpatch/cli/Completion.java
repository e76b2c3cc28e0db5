// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.AutoComplete;

/** Writes the completion for bash, as picocli generates it from the grammar; the build calls this for the packages. */
final class Completion {
    private Completion() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, script());
    }

    static String script() {
        return AutoComplete.bash(
                "kpatch",
                new Syntax(new Environment(
                                log -> {
                                    throw new AssertionError("the grammar needs no machine");
                                },
                                Map.of(),
                                false,
                                false,
                                false))
                        .program());
    }
}
