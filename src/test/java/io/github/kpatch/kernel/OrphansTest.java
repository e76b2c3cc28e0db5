// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

/** What a build that is killed leaves running, with real processes. */
@Timeout(120)
class OrphansTest {
    @TempDir
    private Path directory = Path.of("");

    private Path written = Path.of("");

    @BeforeEach
    void place() {
        written = directory.resolve("written");
    }

    private static SystemTools tools() {
        return new SystemTools("/usr/bin:/bin", NOPLogger.NOP_LOGGER);
    }

    /** A build, as far as it matters here: its argument is the directory that it is in the name of. */
    static final class Build {
        private Build() {}

        public static void main(String[] arguments) {
            Path directory = Path.of(arguments[0]);
            SystemTools tools = tools();
            tools.takeOver(directory);
            tools.run(
                    List.of("sh", "-c", "sh -c 'while :; do echo object >>written; sleep 0.02; done' & wait"),
                    directory,
                    line -> {});
        }
    }

    private void leaveWriterBehind() throws Exception {
        ChildJvm build = ChildJvm.of(Build.class, directory);
        awaitMoreThan(0);
        build.kill();
    }

    private void awaitMoreThan(long size) throws Exception {
        while (size() <= size) {
            Thread.sleep(20);
        }
    }

    private long size() throws Exception {
        return Files.exists(written) ? Files.size(written) : 0;
    }

    @Test
    void whatAKilledBuildLeftRunningIsEndedBeforeTheNextBegins() throws Exception {
        leaveWriterBehind();
        awaitMoreThan(size()); // it does go on
        assertTrue(tools().takeOver(directory));
        long size = size();
        Thread.sleep(300);
        assertEquals(size, size());
        assertFalse(tools().takeOver(directory));
    }

    @Test
    void whatIsRunInTheNameOfAnotherDirectoryGoesOn() throws Exception {
        leaveWriterBehind();
        assertFalse(tools().takeOver(Files.createDirectory(directory.resolve("other"))));
        awaitMoreThan(size());
        assertTrue(tools().takeOver(directory.resolve("other/..")));
    }
}
