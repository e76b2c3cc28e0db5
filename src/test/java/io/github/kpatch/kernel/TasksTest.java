// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tasks that /proc shows. */
class TasksTest {
    @TempDir
    private Path root = Path.of("");

    @Test
    void onlyANumberIsATask() throws IOException {
        for (String name : List.of("7", "1a", "99999999999", "12345")) {
            Path task = Files.createDirectories(root.resolve("proc/7/task").resolve(name));
            Files.writeString(task.resolve("patch_state"), "0\n");
            Files.writeString(task.resolve("comm"), "sh\n");
        }
        assertEquals(
                List.of(7, 12345),
                new Tasks(new Roots(root))
                        .stalled(true).stream().map(StalledTask::tid).toList());
    }
}
