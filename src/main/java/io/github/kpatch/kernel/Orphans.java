// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Processes whose starter was killed, and that go on for all that, with those that they start in their turn. They are
 * known by a variable in their environment, which no process on the way changes; a lock that they inherit would need a
 * descriptor, and Java gives its children none.
 */
final class Orphans {
    static final String VARIABLE = "KPATCH_BUILD_OWNER";

    /** How often they are looked for, and how long to wait in between, in milliseconds. */
    private static final int ROUNDS = 100;

    private static final int PAUSE = 100;

    /** So long they are asked to end, by SIGTERM, upon which make removes what is half written. */
    private static final int GENTLE_ROUNDS = 50;

    private final String entry;

    /** @param owner what the variable is set to */
    Orphans(String owner) {
        this.entry = '\0' + VARIABLE + '=' + owner + '\0';
    }

    /**
     * Ends them, and returns when they have ended.
     *
     * @return whether there was one
     */
    boolean end() throws InterruptedException {
        List<ProcessHandle> left = find();
        boolean any = !left.isEmpty();
        int quiet = any ? 0 : 2;
        for (int round = 0; quiet < 2; round++) { // twice, as a process has no environment while it begins a program
            if (round == ROUNDS) {
                throw new KpatchException(
                        Failure.FAILED,
                        "process " + left.get(0).pid() + ", of a build that was killed, goes on and cannot be ended",
                        "wait until it has ended");
            }
            left.forEach(round < GENTLE_ROUNDS ? ProcessHandle::destroy : ProcessHandle::destroyForcibly);
            Thread.sleep(PAUSE);
            left = find();
            quiet = left.isEmpty() ? quiet + 1 : 0;
        }
        return any;
    }

    private List<ProcessHandle> find() {
        return ProcessHandle.allProcesses()
                .filter(process -> !process.equals(ProcessHandle.current()))
                .filter(this::isOne)
                .toList();
    }

    /** What cannot be read is another user's, or has ended; one that is only not waited for has no environment. */
    private boolean isOne(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ"));
            return ('\0' + new String(environment, StandardCharsets.ISO_8859_1)).contains(entry);
        } catch (IOException e) {
            return false;
        }
    }
}
