// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    private static final String SAME = "kpt_a (" + FakeKernel.VERSION + "): is as it was installed";

    private final FakeMachine machine;

    VerifyTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
        machine.path().has("systemctl", 0, "");
        machine.run("install", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
    }

    private Path installed() {
        return machine.db(FakeKernel.VERSION).resolve("kpt_a.ko");
    }

    private Path record() {
        return machine.roots().installDb().resolve(".kpatch/sha256/" + FakeKernel.VERSION + "/kpt_a.ko");
    }

    private void change() throws IOException {
        Files.write(installed(), new byte[] {0}, StandardOpenOption.APPEND);
    }

    @Test
    void whatIsAsItWasInstalledIsSuccess() {
        machine.run("verify").succeeds().prints(SAME);
        machine.run("verify", "--root", machine.roots().root()).succeeds().prints(SAME);
        machine.run("list")
                .prints("Loaded patch modules:", "", "Installed patch modules:", "kpt_a (" + FakeKernel.VERSION + ")");
    }

    @Test
    void whatHasChangedIsToldAndNotLoadedAtBoot() throws IOException {
        machine.installed(patchModule("kpt_b").patches("vmlinux", "g"));
        change();
        machine.run("verify")
                .endsWith(1)
                .prints("kpt_b (" + FakeKernel.VERSION + "): there is no record of what it was")
                .complains(
                        "kpatch: " + installed() + ": is not what kpatch installed there; find out who changed it, then"
                                + " uninstall it and install it anew from where it came",
                        "kpatch: 1 of 2 patch modules could not be verified (kpt_a.ko); the lines above say why");
        machine.run("load", "--all").endsWith(1).mentions("kpt_a.ko: is not what kpatch installed there");
        assertEquals(List.of("kpt_b"), machine.kernel().enabled());
    }

    @Test
    void whatIsUninstalledLeavesNoRecord() throws IOException {
        change();
        machine.run("uninstall", "kpt_a").succeeds();
        assertFalse(Files.exists(record().getParent()));
        machine.run("install", machine.file(patchModule("kpt_a").patches("vmlinux", "g")))
                .succeeds();
        machine.run("verify").succeeds().prints(SAME);
    }

    @Test
    void whatOthersPutThereAndMayChangeGetsNoRecord() throws IOException {
        Files.delete(record());
        machine.run("install", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        machine.run("verify")
                .succeeds()
                .prints("kpt_a (" + FakeKernel.VERSION + "): there is no record of what it was");
    }

    @Test
    void aDamagedRecordSaysNothing() throws IOException {
        Files.writeString(record(), "00");
        machine.run("verify")
                .succeeds()
                .prints("kpt_a (" + FakeKernel.VERSION + "): there is no record of what it was");
        machine.run("load", "--all").succeeds();
    }

    @Test
    void whatHasChangedIsNotLoadedByItsNameButByItsPath() throws IOException {
        change();
        machine.run("load", "kpt_a")
                .failsWith(
                        4,
                        installed() + ": is not what kpatch installed there",
                        "uninstall it and install it anew from where it came, or load it by its path");
        machine.run("load", "--no-check", "kpt_a").endsWith(4);
        assertEquals(List.of(), machine.kernel().loaded());
        machine.run("load", installed()).succeeds();
    }

    @Test
    void whatIsGoneIsToldUntilItIsUninstalled() throws IOException {
        Files.delete(installed());
        Files.delete(installed().getParent());
        machine.run("verify")
                .endsWith(1)
                .prints()
                .complains(
                        "kpatch: " + installed() + ": kpatch installed it, and it is gone; find out who removed it,"
                                + " then install it anew, or uninstall it",
                        "kpatch: 1 of 1 patch modules could not be verified (kpt_a.ko); the lines above say why");
        machine.run("uninstall", "kpt-a").succeeds().prints("uninstalling kpt_a (" + FakeKernel.VERSION + ")");
        machine.run("verify").succeeds().prints("no patch module is installed");
        machine.run("uninstall", "kpt-a").endsWith(3);
    }

    @Test
    void theRecordOfAFileThatIsGoneIsNotThatOfTheNext() throws IOException {
        Files.delete(installed());
        machine.run("install", machine.file(patchModule("kpt_a").patches("vmlinux", "g")))
                .succeeds();
        machine.run("verify").succeeds().prints(SAME);
    }

    @Test
    void withoutARecordNothingIsInstalled() throws IOException {
        Files.createDirectories(machine.roots().installDb().resolve(".kpatch/sha256"));
        Files.writeString(machine.roots().installDb().resolve(".kpatch/sha256/6.9.0"), "in the way");
        machine.run("install", "-k", "6.9.0", machine.file(patchModule("kpt_x").vermagic("6.9.0 SMP")))
                .failsWith(1, ".kpatch/sha256/6.9.0/kpt_x.ko: cannot be ");
        assertFalse(Files.exists(machine.db("6.9.0")));
    }
}
