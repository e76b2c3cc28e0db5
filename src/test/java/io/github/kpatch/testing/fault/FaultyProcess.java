// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing.fault;

import java.io.IOException;
import java.nio.file.Path;

/** A process that does something with files, one step of which fails. */
public final class FaultyProcess {
    private final Steps steps;
    private final FaultyFileSystem files;

    public FaultyProcess(Steps steps) {
        this.steps = steps;
        this.files = new FaultyFileSystem(steps);
    }

    /** A file as the process sees it. */
    public Path path(Path real) {
        return files.getPath(real.toString());
    }

    /** Runs something to its end, or to where the process is killed; whether it was. */
    public boolean run(Runnable work) throws IOException {
        try {
            work.run();
            return false;
        } catch (Steps.Killed e) {
            return true;
        } finally {
            steps.end();
        }
    }
}
