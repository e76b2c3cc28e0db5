// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of installed modules. */
class InstallDbTest {
    private static final byte[] MODULE = {1, 2, 3};

    private final Path directory;
    private final InstallDb db;

    InstallDbTest(@TempDir Path root) throws IOException {
        this.directory = root.resolve("kpatch");
        int owner = (Integer) Files.getAttribute(root, "unix:uid");
        this.db = new InstallDb(directory, () -> owner);
    }

    @Test
    void modulesComeInVersionOrderAndStrangersAreLeftOut() throws IOException {
        for (String file :
                List.of("6.1/a-10.ko", "6.1/a-9.ko", "6.1/.hidden.ko", "6.1/.ko", "6.1/note.txt", "5.9/b.ko")) {
            Files.createDirectories(directory.resolve(file.substring(0, 3)));
            Files.write(directory.resolve(file), MODULE);
        }
        Files.write(directory.resolve("stray.ko"), MODULE);

        assertEquals(
                List.of("5.9 b", "6.1 a_9", "6.1 a_10"),
                db.modules().stream()
                        .map(module -> module.kernelVersion() + " " + module.name())
                        .toList());
    }

    @Test
    void whatACrashLeftIsNoModuleAndIsRemoved() throws IOException {
        Path left = Files.createDirectories(directory.resolve("6.1")).resolve(".kpatch-unfinished-a.ko");
        Files.write(left, MODULE);
        assertEquals(List.of(), db.modules());
        db.removeUnfinished();
        assertFalse(Files.exists(left));
    }

    @Test
    void anInstalledModuleIsWholeAndKeepsItsName() throws IOException {
        InstalledModule module = db.install("6.1", "a.ko", MODULE);
        assertArrayEquals(MODULE, Files.readAllBytes(module.file()));
        assertThrows(KpatchException.class, () -> db.install("6.1", "a.ko", new byte[] {4}));
        assertArrayEquals(MODULE, Files.readAllBytes(module.file()));
    }

    @Test
    void theLastModuleTakesItsDirectoryAlong() {
        InstalledModule a = db.install("6.1", "a.ko", MODULE);
        InstalledModule b = db.install("6.1", "b.ko", MODULE);
        db.remove(a);
        assertTrue(Files.exists(directory.resolve("6.1")));
        db.remove(b);
        assertFalse(Files.exists(directory.resolve("6.1")));
    }

    @Test
    void aKernelVersionIsNoPath() {
        for (String version : List.of("", "..", "../x", "a/b", "a b", "a\n")) {
            assertThrows(KpatchException.class, () -> db.install(version, "a.ko", MODULE), version);
        }
    }

    @Test
    void aLinkInTheWayIsNotWrittenThrough() throws IOException {
        Path victim = directory.resolveSibling("victim");
        Files.createDirectories(directory.resolve("6.1"));
        Files.createSymbolicLink(directory.resolve("6.1/a.ko"), victim);
        assertThrows(KpatchException.class, () -> db.install("6.1", "a.ko", MODULE));
        assertTrue(Files.notExists(victim));
    }

    @Test
    void aFullDiskLeavesNoModule() throws Exception {
        String said = ChildJvm.withFileSizeLimit(64, Installer.class, directory).output();
        assertTrue(said.startsWith("FAILED " + directory.resolve("6.1") + ": cannot be written: "), said);
        assertEquals(List.of(), db.modules());
        assertTrue(Files.notExists(directory.resolve("6.1")), "nor its kernel's directory");
    }

    @Test
    void aFailedInstallRemovesNothingThatWasThere() throws Exception {
        Files.createDirectories(directory);
        Path elsewhere = Files.createDirectory(directory.resolveSibling("elsewhere"));
        Files.createSymbolicLink(directory.resolve("6.1"), elsewhere);
        Files.write(directory.resolve("5.9"), MODULE);
        String said = ChildJvm.withFileSizeLimit(64, Installer.class, directory).output();
        assertTrue(said.startsWith("FAILED "), said);
        assertTrue(Files.isSymbolicLink(directory.resolve("6.1")));
        assertThrows(KpatchException.class, () -> db.install("5.9", "a.ko", MODULE));
        assertTrue(Files.isRegularFile(directory.resolve("5.9")));
    }

    @Test
    void strangersAreNoKernels() throws IOException {
        Files.createDirectories(directory.resolve("old backup"));
        Files.createDirectories(directory.resolve("lost+found"));
        db.install("6.1", "a.ko", MODULE);
        assertEquals(List.of("6.1"), db.kernelVersions());
    }

    @Test
    void whatIsNoDirectoryHasNoModules() throws IOException {
        Files.createDirectories(directory);
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(directory.resolve("nowhere"), Path.of("missing"));
        Files.write(directory.resolve("stray"), MODULE);
        db.install("6.1", "a.ko", MODULE);
        assertEquals(1, db.modules().size());
        assertEquals(false, db.hasUnfinished());
    }

    @Test
    void aFileInTheDbIsKnownByWhateverPath() {
        assertTrue(db.holds(directory.resolve("6.1/a.ko")));
        assertTrue(db.holds(directory.resolve("../kpatch/6.1/a.ko")));
        assertEquals(false, db.holds(directory.resolveSibling("kpatch-not/a.ko")));
    }

    /** Another process, which installs a module that is bigger than it may write. */
    static final class Installer {
        private Installer() {}

        public static void main(String[] args) {
            try {
                new InstallDb(Path.of(args[0]), () -> 0).install("6.1", "a.ko", new byte[1 << 20]);
                ChildJvm.say("installed");
            } catch (KpatchException e) {
                ChildJvm.say(e.kind() + " " + e.sentence());
            }
        }
    }

    @Test
    void aSecondProcessWaitsForTheLock() throws Exception {
        Path held = directory.resolve("held");
        Files.createDirectories(directory);
        Process other = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        directory.toString(),
                        held.toString())
                .inheritIO()
                .start();
        while (!Files.exists(held)) {
            assertTrue(other.isAlive());
            Thread.sleep(10);
        }
        List<String> told = new ArrayList<>();
        try (Lock lock = db.lock(() -> {
            told.add("waiting");
            other.destroyForcibly(); // killed without a chance to let go
        })) {
            assertEquals(List.of("waiting"), told);
            assertTrue(other.waitFor(10, TimeUnit.SECONDS));
        }
    }

    /** Another process, which takes the lock and keeps it. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] args) throws Exception {
            try (Lock lock = new InstallDb(Path.of(args[0]), () -> 0).lock(() -> {})) {
                Files.createFile(Path.of(args[1]));
                Thread.sleep(60_000);
            }
        }
    }
}
