// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void aLockCanBeTakenAgainAfterItWasReleased() throws IOException {
        Path file = directory.resolve("lock");
        for (int i = 0; i < 2; i++) {
            try (Lock lock = Lock.take(file, () -> assertEquals("", "there is nobody to wait for"))) {
                assertTrue(Files.exists(file));
            }
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aLockIsNotFollowedToWhereALinkLeads() throws IOException {
        Path victim = directory.resolve("victim");
        Path link = Files.createSymbolicLink(directory.resolve("lock"), victim);
        assertEquals(
                Failure.FAILED,
                assertThrows(KpatchException.class, () -> Lock.take(link, () -> {}))
                        .kind());
        assertTrue(Files.notExists(victim));
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        Path file = directory.resolve("nowhere/lock");
        KpatchException e = assertThrows(KpatchException.class, () -> Lock.take(file, () -> {}));
        assertTrue(e.sentence().startsWith(file + ": cannot be locked, as its directory is not there"));
    }
}
