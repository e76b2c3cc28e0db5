// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch;

import io.github.kpatch.build.BuildParts;
import io.github.kpatch.cli.Environment;
import io.github.kpatch.cli.build.BuildCli;

/** Puts together what kpatch-build works with. */
final class Building {
    private Building() {}

    static BuildCli cli(Environment environment) {
        return new BuildCli(environment, BuildParts::of);
    }
}
