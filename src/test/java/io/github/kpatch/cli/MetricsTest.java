// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private final FakeMachine machine;

    MetricsTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    /** The samples, without what says what they are. */
    private List<String> samples() {
        return machine.run("metrics")
                .succeeds()
                .stdout()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    @Test
    void aMachineWithoutPatches() {
        assertEquals(
                List.of(
                        "kpatch_build_info{version=\"" + Version.text() + "\"} 1",
                        "kpatch_kernel_info{kernel=\"" + FakeKernel.VERSION + "\",support=\"livepatch\"} 1",
                        "kpatch_modules_loaded 0",
                        "kpatch_modules_not_installed 0",
                        "kpatch_transition_running 0",
                        "kpatch_modules_installed 0",
                        "kpatch_modules_not_loaded 0",
                        "kpatch_modules_on_hold 0",
                        "kpatch_modules_unreadable 0",
                        "kpatch_modules_held_back 0"),
                samples());
    }

    @Test
    void whatIsLoadedAndWhatIsInstalledAreCountedWhereTheyDiffer() {
        machine.run(
                "load",
                machine.installed(patchModule("kpt_a")
                        .buildId("0123456789abcdef")
                        .field("cve", "CVE-2024-1086")
                        .patches("vmlinux", "f", "g")));
        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "h")));
        machine.installed(patchModule("kpt_c").patches("vmlinux", "i"));
        machine.installed(patchModule("kpt_d").patches("vmlinux", "i"));
        machine.run("hold", "kpt_d");
        assertTrue(
                samples()
                        .containsAll(List.of(
                                "kpatch_modules_loaded 2",
                                "kpatch_modules_not_installed 1",
                                "kpatch_module_enabled{module=\"kpt_a\"} 1",
                                "kpatch_module_functions{module=\"kpt_a\"} 2",
                                "kpatch_vulnerability_fixed{cve=\"CVE-2024-1086\",module=\"kpt_a\"} 1",
                                "kpatch_modules_installed 3",
                                "kpatch_modules_not_loaded 1",
                                "kpatch_modules_on_hold 1")),
                () -> String.join("\n", samples()));
    }

    @Test
    void anInstalledCopyThatCannotBeReadIsToldBeside() throws IOException {
        Path file = machine.installed(patchModule("kpt_a"));
        Files.writeString(file, "");
        machine.run("metrics")
                .endsWith(0)
                .printsAmongOthers("kpatch_modules_unreadable 1")
                .complains("kpatch: " + file + ": is empty, so it is not known what it fixes");
    }

    @Test
    void aTransitionHasItsBeginningAndItsTasksForRoot() {
        machine.withUser(0).kernel().stalledBy(4711, "sleeper", "f+0x21/0x40");
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        List<String> root = samples();
        assertTrue(
                root.containsAll(List.of(
                        "kpatch_transition_running 1",
                        "kpatch_transition_start_time_seconds 1767323045",
                        "kpatch_module_enabled{module=\"kpt_a\"} 0")),
                root::toString);
        assertTrue(root.stream().anyMatch(line -> line.startsWith("kpatch_transition_tasks ")), root::toString);
        machine.withUser(1000);
        assertTrue(
                samples().stream().noneMatch(line -> line.matches("kpatch_transition_(tasks|start).*")),
                samples()::toString);
    }

    @Test
    void aBeginningBeforeThisBootIsNotThatOfTheTransition() throws IOException {
        machine.withUser(0).put("proc/sys/kernel/random/boot_id", "boot-2");
        machine.kernel().stalledBy(4711, "sleeper", "f+0x21/0x40");
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a").patches("vmlinux", "f")));
        Path history = machine.roots().installDb().resolve(".kpatch/history");
        String now = Files.readString(history);
        assertTrue(samples().contains("kpatch_transition_start_time_seconds 1767323045"), samples()::toString);
        for (String before : List.of(now.replace("boot=boot-2", "boot=boot-1"), now.replace(" boot=boot-2", ""))) {
            Files.writeString(history, before);
            assertTrue(samples().stream().noneMatch(line -> line.startsWith("kpatch_transition_start")), before);
            assertEquals(1, machine.run("history").succeeds().stdout().lines().count());
        }
    }

    @Test
    void systemdIsNotAsked() {
        machine.path().has("systemctl", 0, "active");
        machine.run("metrics").succeeds();
        machine.run("report", "--vex").succeeds();
        machine.run("check", "--running").succeeds();
        assertEquals(List.of(), machine.path().runs());
    }

    @Test
    void theFileIsReplacedWhole() throws IOException {
        Path file = machine.home().resolve("kpatch.prom");
        Files.writeString(file, "old");
        machine.run("metrics", "--output-file", file).succeeds().prints();
        assertEquals(machine.run("metrics").stdout(), Files.readString(file));
        try (Stream<Path> files = Files.list(machine.home())) {
            assertEquals(List.of(file), files.toList());
        }
        machine.run("metrics", "--output-file", "/dev/null").failsWith(4, "/dev/null: is no regular file");
        machine.run("metrics", "--output-file", machine.home().resolve("none/kpatch.prom"))
                .failsWith(1, "none/kpatch.prom: cannot be written: it is not there");
    }
}
