// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.jna.LibZstd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Facts that /proc and /sys tell. */
class RunningKernelTest {
    private final Path root;
    private final RunningKernel kernel;

    RunningKernelTest(@TempDir Path root) {
        this.root = root;
        this.kernel = new RunningKernel(new Roots(root), new LibZstd());
    }

    @Test
    void lockdownIsTheModeBetweenBrackets() throws IOException {
        assertEquals(Optional.empty(), kernel.lockdown());
        put("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        assertEquals(Optional.empty(), kernel.lockdown());
        put("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        assertEquals(Optional.of("integrity"), kernel.lockdown());
    }

    /** As securityfs has it, and a pipe. */
    @Test
    void whatCannotSeekIsRead() throws IOException, InterruptedException {
        Path lockdown = root.resolve("sys/kernel/security/lockdown");
        Files.createDirectories(root.resolve("sys/kernel/security"));
        Process pipe = new ProcessBuilder("mkfifo", lockdown.toString()).start();
        assertEquals(0, pipe.waitFor());
        Process writer = new ProcessBuilder(
                        "sh", "-c", "printf 'none [integrity]%5000s' '' >\"$0\"", lockdown.toString())
                .start();
        assertEquals(Optional.of("integrity"), kernel.lockdown());
        assertEquals(0, writer.waitFor());
    }

    @Test
    void aBlacklistNamesModulesBetweenCommas() throws IOException {
        put("proc/cmdline", "quiet module_blacklist=floppy,kpt_a,c-d,b root=/dev/sda1\n");
        assertTrue(kernel.isBlacklisted("kpt_a"));
        assertTrue(kernel.isBlacklisted("b"));
        assertFalse(kernel.isBlacklisted("kpt"));
        assertFalse(kernel.isBlacklisted("c_d"));
    }

    @Test
    void withoutCapSysModuleNothingMayBeLoaded() throws IOException {
        put("proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n");
        assertTrue(kernel.mayChangeModules());
        put("proc/self/status", "Name:\tjava\nCapEff:\t000001fffffeffff\n");
        assertFalse(kernel.mayChangeModules());
    }

    @Test
    void aVersionThatCannotBeReadIsSaid() {
        assertTrue(
                assertThrows(KpatchException.class, kernel::version).sentence().contains("is /proc mounted?"));
    }

    @Test
    void ofADamagedListOfModulesThereIsNoVermagic() throws IOException {
        put("proc/sys/kernel/osrelease", "6.1\n");
        put("lib/modules/6.1/modules.dep", "kernel/fs/\0.ko:\nkernel/fs/ext4.ko: kernel/fs/jbd2.ko\n");
        assertEquals(Optional.empty(), kernel.vermagic());
    }

    private void put(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(root.resolve(file.substring(0, file.lastIndexOf('/'))));
        Files.writeString(path, text);
    }
}
