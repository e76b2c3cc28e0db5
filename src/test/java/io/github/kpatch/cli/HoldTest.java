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
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldTest {
    private static final String HELD = "kpt_a is on hold, and not loaded at boot of kernel " + FakeKernel.VERSION;
    private static final String FREE = "kpt_a is not on hold for kernel " + FakeKernel.VERSION;

    private final FakeMachine machine;

    HoldTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.installed(patchModule("kpt_b").patches("vmlinux", "g"));
    }

    @Test
    void whatIsOnHoldIsNotLoadedWithAll() {
        machine.run("hold", "kpt_a").succeeds().prints(HELD);
        machine.run("load", "--all")
                .succeeds()
                .printsAmongOthers("kpt_a is on hold and not loaded; 'kpatch unhold kpt_a' ends that");
        assertEquals(List.of("kpt_b"), machine.kernel().enabled());
        machine.run("unhold", "kpt_a").succeeds().prints(FREE);
        machine.run("load", "--all").succeeds();
        assertEquals(
                List.of("kpt_a", "kpt_b"),
                machine.kernel().enabled().stream().sorted().toList());
    }

    @Test
    void byItsNameItIsLoadedAllTheSameAndStaysOnHold() {
        machine.run("hold", "kpt-a.ko").succeeds();
        machine.run("load", "kpt_a").succeeds();
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
        machine.run("status")
                .printsAmongOthers("  kpt_a  enabled, 1 function; a module of that name is installed, the same or"
                        + " another, but on hold: gone after a boot");
        machine.run("info", "kpt_a").printsAmongOthers("hold:           yes, not loaded at boot");
    }

    @Test
    void asItIsWantedItIsNotMissed() {
        machine.run("hold", "kpt_a").succeeds();
        machine.run("load", "kpt_b").succeeds();
        machine.run("check", "--running").succeeds();
        machine.run("status").printsAmongOthers("On hold, and so not loaded at boot:", "  kpt_a");
    }

    @Test
    void onceMoreIsSuccessAndChangesNothing() {
        machine.run("unhold", "kpt_a").succeeds().prints(FREE);
        assertFalse(Files.exists(machine.roots().installDb().resolve(".kpatch")));
        machine.run("hold", "kpt_a").succeeds().prints(HELD);
        machine.run("hold", "kpt_a").succeeds().prints(HELD);
        machine.run("unhold", "kpt_a").succeeds();
        machine.run("load", "--all").succeeds();
        assertEquals(2, machine.kernel().enabled().size());
    }

    @Test
    void uninstallingEndsIt() {
        machine.run("hold", "kpt_a").succeeds();
        machine.run("uninstall", "kpt_a").succeeds();
        machine.run("install", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        machine.run("load", "--all").succeeds();
        assertEquals(2, machine.kernel().enabled().size());
    }

    @Test
    void holdingAnEarlyModuleMakesTheInitramfsAgain() {
        machine.path().has("systemctl", 0, "");
        machine.path().has("update-initramfs", 0, "");
        machine.put("usr/share/initramfs-tools/hooks/kpatch", "");
        machine.put("lib/modules/" + FakeKernel.VERSION + "/modules.dep", "");
        machine.run("install", "--early", "kpt_a").succeeds();
        String making = "making the initramfs of kernel " + FakeKernel.VERSION + " by update-initramfs";
        machine.path().has("update-initramfs", 1, "no space left");
        machine.run("hold", "kpt_a")
                .failsWith(
                        1, "kpt_a is on hold, but still in the initramfs, from which it is loaded at boot", "no space")
                .prints(making);
        machine.path().has("update-initramfs", 0, "");
        machine.run("hold", "kpt_a").succeeds().prints(making, HELD);
        machine.run("install", "--early", "kpt_a")
                .failsWith(4, "kpt_a: is on hold", "'kpatch unhold -k " + FakeKernel.VERSION + " kpt_a' first");
        machine.path().has("update-initramfs", 1, "no space left");
        machine.run("unhold", "kpt_a").failsWith(1, "kpt_a is not on hold, but not yet in the initramfs");
        machine.path().has("update-initramfs", 0, "");
        machine.run("unhold", "kpt_a").succeeds().prints(making, FREE);
    }

    @Test
    void aFileThatCameAfterOneOnHoldIsNotOnHold() throws IOException {
        Path installed = machine.db(FakeKernel.VERSION).resolve("kpt_a.ko");
        machine.run("hold", "kpt_a").succeeds();
        Files.delete(installed); // as packages do
        machine.run("install", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        machine.run("load", "--all").succeeds();
        assertEquals(2, machine.kernel().enabled().size());
    }

    @Test
    void everySpellingOfTheNameIsOnHold() {
        patchModule("kpt_a")
                .patches("vmlinux", "f")
                .writeAs(machine.db(FakeKernel.VERSION).resolve("kpt-a.ko"));
        machine.run("hold", "kpt_a").succeeds();
        machine.run("load", "--all").succeeds();
        assertEquals(List.of("kpt_b"), machine.kernel().enabled());
        machine.run("unhold", "kpt_a").succeeds();
        machine.run("load", "--all").succeeds();
        assertEquals(2, machine.kernel().enabled().size());
    }

    @Test
    void whatIsOnHoldAndLoadedOtherwiseIsAsItIsWanted() {
        machine.run(
                "load",
                machine.file(patchModule("kpt_a").patches("vmlinux", "f").buildId("aa11")));
        patchModule("kpt_a").patches("vmlinux", "f").buildId("bb22").writeTo(machine.db(FakeKernel.VERSION));
        machine.run("load", "kpt_b").succeeds();
        machine.run("check", "--running").failsWith(1, "what is loaded is not what is installed");
        machine.run("hold", "kpt_a").succeeds();
        machine.run("check", "--running").succeeds();
    }

    @Test
    void theLastOneOnHoldLetsTheOneBeforeGoUnwaitedFor() {
        machine.kernel().transitionsTake(Duration.ofHours(1));
        machine.run("hold", "kpt_b").succeeds();
        machine.run("load", "--all", "--no-wait").succeeds();
    }

    @Test
    void whatCannotBeKeptInAListIsRefused() {
        patchModule("kpt_x")
                .patches("vmlinux", "h")
                .writeAs(machine.db(FakeKernel.VERSION).resolve("kpt\n.ko"));
        machine.run("hold", "kpt_x").failsWith(4, "has a name that cannot be kept in a list");
    }

    @Test
    void onlyWhatIsInstalledCanBePutOnHold() {
        machine.run("hold", "kpt_x").failsWith(3, "kpt_x: no such patch module is installed");
        machine.run("hold", "./kpt_a.ko").failsWith(4, "is a path, and hold takes a name");
        machine.run("hold", "-k", "6.9.0", "kpt_a")
                .failsWith(3, "kpt_a: no such patch module is installed for kernel 6.9.0");
        machine.run("unhold").endsWith(2);
    }
}
