// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.KpatchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

@Timeout(60)
class SystemToolsTest {
    @TempDir
    private Path directory = Path.of("");

    private final SystemTools tools = new SystemTools("/usr/bin:/bin::relative", NOPLogger.NOP_LOGGER);

    private int shell(String script, List<String> lines) {
        return tools.run(List.of("sh", "-c", script), directory, lines::add);
    }

    @Test
    void bothStreamsAreGivenLineByLineAndTheStatusAtTheEnd() {
        List<String> lines = new ArrayList<>();
        assertEquals(3, shell("pwd; echo error >&2; exit 3", lines));
        assertEquals(List.of(directory.toString(), "error"), lines);
    }

    @Test
    void programsAreFoundAlongThePath() throws Exception {
        Path own = Files.writeString(directory.resolve("gcc-12"), "#!/bin/sh\n");
        assertEquals(Optional.empty(), tools.find(own.toString()));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(Optional.of(own), tools.find(own.toString()));
        assertEquals(Optional.of(own), new SystemTools("/nowhere:" + directory, NOPLogger.NOP_LOGGER).find("gcc-12"));
        assertEquals(Optional.empty(), tools.find("gcc-of-nobody"));
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertEquals(
                "gcc-of-nobody: is not on this machine; install it, or set PATH",
                assertThrows(KpatchException.class, () -> tools.run(List.of("gcc-of-nobody"), directory, line -> {}))
                        .sentence());
    }

    @Test
    void stoppingEndsWhatRunsAndItsChildren() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        List<String> lines = new ArrayList<>();
        Thread build =
                new Thread(() -> tools.run(List.of("sh", "-c", "sleep 1000 & echo $!; wait"), directory, line -> {
                    lines.add(line);
                    begun.countDown();
                }));
        build.start();
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        tools.stop();
        build.join();
        long child = Long.parseLong(lines.get(0));
        for (int i = 0; i < 100 && isAlive(child); i++) {
            Thread.sleep(50);
        }
        assertFalse(isAlive(child));
        assertThrows(KpatchException.class, () -> shell("true", lines));
    }

    /** A process that nobody waits for, in a container without an init, stays as a zombie. */
    private static boolean isAlive(long pid) throws Exception {
        Path stat = Path.of("/proc/" + pid + "/stat");
        return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
    }
}
