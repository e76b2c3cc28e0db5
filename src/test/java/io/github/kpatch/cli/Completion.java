// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.testing.BashCompletion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Writes the completion for bash into a directory; the build calls this for the packages. */
final class Completion {
    private Completion() {}

    public static void main(String[] arguments) throws IOException {
        ofKpatch().write(Path.of(arguments[0]));
    }

    static BashCompletion ofKpatch() {
        Environment environment = new Environment(
                log -> {
                    throw new AssertionError("the grammar needs no machine");
                },
                Map.of(),
                false,
                false,
                false);
        return new BashCompletion("kpatch", new Syntax(environment).program());
    }
}
