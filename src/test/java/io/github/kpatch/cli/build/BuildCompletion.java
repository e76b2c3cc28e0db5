// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import io.github.kpatch.testing.BashCompletion;
import java.io.IOException;
import java.nio.file.Path;

/** Writes the completion for bash into a directory; the build calls this for the packages. */
final class BuildCompletion {
    private BuildCompletion() {}

    public static void main(String[] arguments) throws IOException {
        ofBuild().write(Path.of(arguments[0]));
    }

    static BashCompletion ofBuild() {
        return new BashCompletion(BuildSyntax.PROGRAM, BuildSyntax.commandLine());
    }
}
