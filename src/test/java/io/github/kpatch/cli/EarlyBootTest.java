// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyBootTest {
    private static final String VERSION = FakeKernel.VERSION;
    private static final String UPDATE = "update-initramfs -u -k " + VERSION;
    private static final String MAKING = "making the initramfs of kernel " + VERSION + " by update-initramfs";

    private static final String ALREADY = "kpt_a is already installed for kernel " + VERSION;

    private final FakeMachine machine;
    private final Path directory;

    EarlyBootTest(@TempDir Path directory) {
        this.directory = directory;
        machine = new FakeMachine(directory);
        machine.path().has("systemctl", 0, "");
        machine.put("lib/modules/" + VERSION + "/modules.dep", "");
    }

    private void hasInitramfsTools(int status, String output) {
        machine.path().has("update-initramfs", status, output);
        machine.put("usr/share/initramfs-tools/hooks/kpatch", "");
    }

    private Path module(String name) {
        return machine.file(patchModule(name));
    }

    /** What the hooks read. */
    private List<String> early() throws IOException {
        Path list = machine.roots().installDb().resolve(".kpatch/early").resolve(VERSION);
        return Files.exists(list) ? Files.readAllLines(list) : List.of();
    }

    private long madeInitramfs() {
        return machine.path().runs().stream().filter(UPDATE::equals).count();
    }

    @Test
    void anEarlyModuleIsInstalledAndPutIntoTheInitramfs() throws IOException {
        hasInitramfsTools(0, "update-initramfs: Generating it");
        Path file = module("kpt_a");
        machine.run("install", "--early", file).succeeds().prints("installing " + file + " (" + VERSION + ")", MAKING);
        assertEquals(List.of("kpt_a.ko"), early());
        assertEquals(1, madeInitramfs());
        machine.run("info", "kpt_a").succeeds().printsAmongOthers("early:          yes, from the initramfs");
        machine.run("list").prints("Loaded patch modules:", "", "Installed patch modules:", "kpt_a (" + VERSION + ")");
    }

    @Test
    void earlyModulesAreLoadedInTheOrderOfTheirVersions() throws IOException {
        hasInitramfsTools(0, "");
        for (String name : List.of("kpt-10", "kpt-9", "kpt-1")) {
            machine.run("install", "--early", module(name)).succeeds();
        }
        assertEquals(List.of("kpt-1.ko", "kpt-9.ko", "kpt-10.ko"), early());
    }

    @Test
    void askedOnceMoreItMakesTheInitramfsAgain() throws IOException {
        hasInitramfsTools(0, "");
        machine.run("install", module("kpt_a")).succeeds();
        machine.run("install", "--early", module("kpt_a")).succeeds().prints(ALREADY, MAKING);
        machine.run("install", "--early", module("kpt_a")).succeeds().prints(ALREADY, MAKING);
        assertEquals(List.of("kpt_a.ko"), early());
        assertEquals(2, madeInitramfs());
    }

    @Test
    void uninstalledItLeavesTheInitramfsToo() throws IOException {
        hasInitramfsTools(0, "");
        machine.run("install", "--early", module("kpt_a")).succeeds();
        machine.run("install", module("kpt_b")).succeeds();
        machine.run("uninstall", "kpt_b").prints("uninstalling kpt_b (" + VERSION + ")");
        machine.run("uninstall", "kpt_a").succeeds().prints("uninstalling kpt_a (" + VERSION + ")", MAKING);
        assertEquals(List.of(), early());
        assertEquals(2, madeInitramfs());
    }

    @Test
    void dracutServesAsWell() {
        machine.path().has("dracut", 0, "");
        machine.put("usr/lib/dracut/modules.d/90kpatch/module-setup.sh", "");
        machine.run("install", "--early", module("kpt_a"))
                .succeeds()
                .printsAmongOthers("making the initramfs of kernel " + VERSION + " by dracut");
        assertTrue(machine.path().runs().contains("dracut --force --kver " + VERSION));
    }

    @Test
    void whereNothingCouldPutItThereNothingIsInstalled() {
        machine.run("install", "--early", module("kpt_a"))
                .failsWith(4, "neither update-initramfs nor dracut is installed");
        machine.path().has("dracut", 0, "");
        machine.run("install", "--early", module("kpt_a"))
                .failsWith(4, "dracut would leave the module out", "module-setup.sh is missing");
        assertFalse(Files.exists(machine.roots().installDb()));
    }

    @Test
    void anInitramfsThatCannotBeMadeIsAFailureThatSaysWhatIsSo() throws IOException {
        hasInitramfsTools(1, "working\nE: no space left in /boot");
        machine.run("install", "--early", module("kpt_a"))
                .failsWith(
                        1,
                        "kpt_a is installed, but not in the initramfs",
                        "'" + UPDATE + "'",
                        "no space left in /boot");
        assertEquals(List.of("kpt_a.ko"), early());
        machine.run("uninstall", "kpt_a")
                .failsWith(1, "kpt_a is uninstalled, but still in the initramfs", "'" + UPDATE + "' failed");
        assertEquals(List.of(), early());
    }

    @Test
    void anInitramfsThatWasLeftAsItWasIsAFailureWhateverTheExitStatus() {
        machine.put("boot/initrd.img-" + VERSION, "old");
        hasInitramfsTools(0, "W: /boot is read-only. Not updating");
        machine.run("install", "--early", module("kpt_a"))
                .failsWith(
                        1,
                        "kpt_a is installed, but not in the initramfs; '" + UPDATE + "' left that as it was"
                                + " (W: /boot is read-only. Not updating)");
        machine.path().has("update-initramfs", 0, "", this::makesInitramfs);
        machine.run("install", "--early", module("kpt_a")).succeeds();
    }

    private void makesInitramfs() {
        try {
            Files.delete(machine.roots().initramfs(VERSION).get(0));
            machine.put("boot/initrd.img-" + VERSION, "new");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aKernelThatIsYetToComeGetsItsInitramfsWhenItComes() throws IOException {
        hasInitramfsTools(0, "");
        Path file = machine.file(patchModule("kpt_a").vermagic("6.9.0 SMP"));
        machine.run("install", "--early", "-k", "6.9.0", file)
                .succeeds()
                .printsAmongOthers("kernel 6.9.0 is not on this machine yet; its initramfs is made with it");
        assertEquals(0, madeInitramfs());
        assertTrue(Files.exists(machine.roots().installDb().resolve(".kpatch/early/6.9.0")));
    }

    @Test
    void whatTheBootGuardHoldsBackIsNotPutThere() throws IOException {
        hasInitramfsTools(0, "");
        machine.installed(patchModule("kpt_a"));
        machine.put("proc/sys/kernel/random/boot_id", "boot-1");
        machine.run("load", "--all", "--boot").succeeds();
        machine.put("proc/sys/kernel/random/boot_id", "boot-2");
        machine.run("install", "--early", module("kpt_a")).failsWith(1, "kpt_a.ko: is held back");
        assertEquals(List.of(), early());
    }

    @Test
    void theBootGuardIsNotAtWorkForAnEarlyModule() {
        hasInitramfsTools(0, "");
        machine.put("proc/sys/kernel/random/boot_id", "boot-1");
        machine.run("install", "--early", module("kpt_a")).succeeds();
        machine.run("load", module("kpt_a")).succeeds(); // as from the initramfs
        machine.run("load", "--all", "--boot")
                .succeeds()
                .printsAmongOthers("patch module kpt_a is already loaded and enabled");
        machine.put("proc/sys/kernel/random/boot_id", "boot-2");
        machine.run("list").succeeds();
        machine.run("load", "--all", "--boot").succeeds();
    }

    @Test
    void anotherRootMakesItsInitramfsItself() throws IOException {
        hasInitramfsTools(0, "");
        machine.run("install", "--early", "--root", directory, module("kpt_a"))
                .endsWith(2)
                .mentions("--early and --root exclude each other");
        machine.run("install", "--early", module("kpt_a")).succeeds();
        machine.run("uninstall", "--root", machine.roots().root(), "kpt_a")
                .succeeds()
                .printsAmongOthers("the initramfs of kernel " + VERSION + " below "
                        + machine.roots().root() + " still has it; make that again there");
        assertEquals(List.of(), early());
        assertEquals(1, madeInitramfs());
    }
}
