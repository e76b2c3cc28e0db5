// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.PatchModuleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusTest {
    private static final String KERNEL = "Kernel      " + FakeKernel.VERSION + ", with livepatch";

    private final FakeMachine machine;

    StatusTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    @Test
    void aMachineWithoutPatches() {
        machine.run("status").succeeds().prints(KERNEL, "Taints      none", "", "No patch module is loaded.");
    }

    @Test
    void taintsAreToldInWords() {
        machine.put("proc/sys/kernel/tainted", "45056\n");
        machine.run("status")
                .succeeds()
                .printsAmongOthers(
                        "Taints      O: a module from outside of the kernel's tree was loaded",
                        "            E: an unsigned module was loaded",
                        "            K: it has been live-patched");
        machine.put("proc/sys/kernel/tainted", "many\n");
        machine.run("status").failsWith(1, "/proc/sys/kernel/tainted");
    }

    @Test
    void theBootServiceIsAsked() {
        machine.path().has("systemctl", 3, "failed\n");
        machine.run("status").succeeds().printsAmongOthers("Boot        kpatch.service is failed");
        machine.path().has("systemctl", 1, "System has not been booted with systemd");
        machine.run("status").succeeds().prints(KERNEL, "Taints      none", "", "No patch module is loaded.");
    }

    @Test
    void whatWasLoadedAtThisBootIsToldToRoot() throws IOException {
        machine.withUser(0).put("proc/sys/kernel/random/boot_id", "boot-1");
        machine.run("install", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        machine.installed(patchModule("kpt_b").vermagic("1.2.3 SMP").patches("vmlinux", "g"));
        machine.run("load", "--all", "--boot").endsWith(1);
        machine.path().has("systemctl", 3, "failed\n");
        machine.run("status")
                .succeeds()
                .printsAmongOthers(
                        "Boot        kpatch.service is failed",
                        "            it loaded 1 patch module at 2026-01-02T03:04:06Z",
                        "            kpt_b.ko: is built for kernel 1.2.3, and the running kernel is "
                                + FakeKernel.VERSION + "; get the build for that kernel");
        machine.withUser(1000);
        assertFalse(machine.run("status").succeeds().stdout().contains("it loaded"));
        machine.withUser(0).put("proc/sys/kernel/random/boot_id", "boot-2");
        assertFalse(machine.run("status").succeeds().stdout().contains("it loaded"));
    }

    @Test
    void aDamagedRecordOfTheBootSaysNothing() throws IOException {
        machine.withUser(0).put("proc/sys/kernel/random/boot_id", "boot-1");
        machine.put(
                "var/lib/kpatch/.kpatch/history", "time=2026-01-02T03:04:05Z action=load-all loaded=-x boot=boot-1\n");
        assertFalse(machine.run("status").succeeds().stdout().contains("it loaded"));
    }

    @Test
    void whatIsLoadedByHandIsNoBoot() {
        machine.withUser(0).put("proc/sys/kernel/random/boot_id", "boot-1");
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.run("load", "--all").succeeds();
        assertFalse(machine.run("status").succeeds().stdout().contains("Boot"));
    }

    @Test
    void loadedModulesAreHeldAgainstTheInstalledOnes() {
        machine.run("load", machine.file(patchModule("kpt_old").patches("vmlinux", "f")));
        machine.run(
                "load",
                machine.file(patchModule("kpt_a").patches("vmlinux", "g", "h").patches("xfs", "i")));
        machine.installed(patchModule("kpt_a").patches("vmlinux", "g", "h").patches("xfs", "i"));
        machine.installed(patchModule("kpt_next").patches("vmlinux", "k"));
        machine.run("status")
                .succeeds()
                .prints(
                        KERNEL,
                        "Taints      none",
                        "",
                        "Loaded, from the top of the stack down:",
                        "  kpt_a    enabled, 3 functions; a module of that name is installed, the same or another",
                        "           patches xfs once that is loaded",
                        "  kpt_old  enabled, 1 function; is not installed: gone after a boot",
                        "",
                        "Installed for this kernel, and not loaded:",
                        "  kpt_next");
    }

    @Test
    void twoBuildsOfOneNameAreToldApart() {
        machine.run(
                "load",
                machine.file(patchModule("kpt_a").patches("vmlinux", "g").buildId("aa11")));
        Path installed =
                machine.installed(patchModule("kpt_a").patches("vmlinux", "g").buildId("aa11"));
        String line = "  kpt_a  enabled, 1 function; ";
        machine.run("status").printsAmongOthers(line + "is installed");
        patchModule("kpt_a").patches("vmlinux", "g").buildId("bb22").writeAs(installed);
        machine.run("status").printsAmongOthers(line + "another module of that name is installed");
    }

    @Test
    void anOlderModuleThatWasReplacedIsNotMissed() {
        machine.installed(patchModule("kpt_9").patches("vmlinux", "f").replace(true));
        machine.installed(patchModule("kpt_10").patches("vmlinux", "f").replace(true));
        machine.run("load", "--all").succeeds();
        machine.run("status")
                .prints(
                        KERNEL,
                        "Taints      none",
                        "",
                        "Loaded, from the top of the stack down:",
                        "  kpt_10  enabled, 1 function, replaces those before it; a module of that name is installed,"
                                + " the same or another");
    }

    @Test
    void aScriptAsksWhetherAllThatIsInstalledIsInEffect() {
        String all = "all that is installed for this kernel is in effect";
        machine.run("check", "--running").succeeds().prints(all);
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f").buildId("aa11"));
        machine.run("check", "--running")
                .failsWith(
                        1, "1 of 1 installed patch modules are not loaded (kpt_a.ko); 'kpatch load --all' loads them");
        machine.run("load", "--all").succeeds();
        machine.run("check", "--running").succeeds().prints(all);

        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "g")));
        machine.run("check", "--running").succeeds().prints(all);
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f").buildId("bb22"));
        machine.run("check", "--running").failsWith(1, "kpt_a: what is loaded is not what is installed");

        machine.run("check").endsWith(2).mentions("a patch module or --running is needed");
        machine.run("check", "--running", "kpt_a").endsWith(2).mentions("exclude each other");
    }

    @Test
    void whatALoadedModuleFixesIsShown() {
        PatchModuleBuilder module = patchModule("kpt_a").patches("vmlinux", "f").buildId("aa11");
        machine.installed(module.field("cve", "CVE-2024-1086 CVE-2023-20593"));
        machine.run("load", "kpt_a");
        machine.run("status").printsAmongOthers("         fixes CVE-2023-20593, CVE-2024-1086");
        module.field("cve", "CVE-2024-1086,CVE-2024-1087,CVE-2024-1088,CVE-2024-1089")
                .writeTo(machine.db(FakeKernel.VERSION));
        machine.run("status").printsAmongOthers("         fixes 4 vulnerabilities, which 'kpatch list --cve' names");
    }

    @Test
    void anInstalledCopyThatCannotBeReadIsShown() throws IOException {
        Path file = Files.writeString(machine.installed(patchModule("kpt_a")), "");
        machine.run("status")
                .succeeds()
                .printsAmongOthers("Cannot be read:", "  " + file + ": is empty, so it is not known what it fixes");
    }

    @Test
    void inATransitionItIsNotInEffectYet() {
        machine.kernel().transitionsTake(Duration.ofHours(1));
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.run("load", "--all", "--no-wait").succeeds();
        machine.run("check", "--running").failsWith(1, "kpt_a is enabling... and not in effect everywhere yet");
    }

    @Test
    void aTransitionIsShown() {
        machine.kernel().transitionsTake(Duration.ofHours(1));
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        machine.run("status")
                .printsAmongOthers("  kpt_a  enabling..., 1 function; is not installed: gone after a boot");
    }

    @Test
    void onATerminalItIsInBoxesAndColours() {
        machine.withVariables(Map.of("TERM", "xterm", "COLUMNS", "60")).onTerminal();
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        List<String> lines = machine.run("status").succeeds().stdout().lines().toList();
        String colours = String.join("\n", lines);
        assertTrue(colours.contains("\u001b[32menabled\u001b[0m"), colours);
        List<String> plain = lines.stream()
                .map(line -> line.replaceAll("\u001b\\[[0-9]*m", ""))
                .toList();
        assertEquals(
                List.of(
                        "┌──────────────────────────────────────────────────────────┐",
                        "│ Kernel      6.1.0-1-amd64, with livepatch                │",
                        "│ Taints      none                                         │",
                        "└──────────────────────────────────────────────────────────┘",
                        "┌─ Loaded, from the top of the stack down ─────────────────┐",
                        "│ kpt_a  enabled, 1 function; is not installed: gone after │",
                        "│        a boot                                            │",
                        "└──────────────────────────────────────────────────────────┘"),
                plain);
    }

    @Test
    void noColorIsRespected() {
        machine.withVariables(Map.of("TERM", "xterm", "NO_COLOR", "1")).onTerminal();
        assertEquals(-1, machine.run("status").stdout().indexOf('\u001b'));
        machine.withVariables(Map.of("TERM", "dumb")).onTerminal();
        machine.run("status").prints(KERNEL, "Taints      none", "", "No patch module is loaded.");
    }

    @Test
    void aTransitionIsWatchedUntilCtrlC() {
        machine.run("status", "--watch").failsWith(2, "--watch needs a terminal to show it on");
        machine.onTerminal().kernel().transitionsTake(Duration.ofSeconds(2));
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        machine.time().after(Duration.ofSeconds(3), () -> machine.keyboard().fire());
        String screens = machine.run("status", "--watch").endsWith(130).stdout();
        String[] frames = screens.split("\u001b\\[H", -1);
        assertEquals(4, frames.length, screens);
        assertTrue(frames[1].contains("enabling..."), frames[1]);
        assertTrue(frames[3].contains("enabled") && !frames[3].contains("enabling"), frames[3]);
    }

    @Test
    void aWatchedScreenKeepsToTheTerminal() {
        machine.withVariables(Map.of("TERM", "xterm", "LINES", "6")).onTerminal();
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        machine.time().after(Duration.ofMillis(500), () -> machine.keyboard().fire());
        String screen = machine.run("status", "--watch").endsWith(130).stdout();
        assertEquals(5, screen.chars().filter(c -> c == '\n').count(), screen);
        assertTrue(screen.contains("\n3 more lines"), screen);
    }

    @Test
    void aTerminalThatKnowsNoSizeIsTakenForAUsualOne() {
        machine.withVariables(Map.of("TERM", "xterm", "LINES", "0", "COLUMNS", "0"))
                .onTerminal();
        machine.time().after(Duration.ofMillis(500), () -> machine.keyboard().fire());
        String screen = machine.run("status", "--watch").endsWith(130).stdout();
        assertTrue(screen.contains("No patch module is loaded."), screen);
        assertTrue(screen.contains("─".repeat(70)), screen);
    }

    @Test
    void whatTheBootGuardHoldsBackIsShown() {
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.put("proc/sys/kernel/random/boot_id", "boot-1");
        machine.run("load", "--all", "--boot").succeeds();
        machine.run("unload", "--all").succeeds();
        machine.put("proc/sys/kernel/random/boot_id", "boot-2");
        machine.run("status")
                .succeeds()
                .printsAmongOthers(
                        "Installed for this kernel, and not loaded:",
                        "  kpt_a",
                        "Boot guard:",
                        "  kpt_a.ko: is held back, as the machine went down at a boot while it was being loaded, or soon"
                                + " after; 'kpatch load kpt_a' loads it and ends that");
    }
}
