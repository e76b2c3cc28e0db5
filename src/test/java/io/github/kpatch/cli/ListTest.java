// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.PatchModuleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListTest {
    private final FakeMachine machine;

    ListTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    @Test
    void aCopyThatCannotBeReadLeavesOpenWhatItFixes() throws Exception {
        Path file = Files.writeString(machine.installed(patchModule("kpt_a")), "");
        machine.run("list").succeeds();
        machine.run("list", "--cve")
                .endsWith(0)
                .complains("kpatch: " + file + ": is empty, so it is not known what it fixes");
    }

    @Test
    void anEmptyMachineHasTwoEmptyParagraphs() {
        machine.run("list").succeeds().prints("Loaded patch modules:", "", "Installed patch modules:");
        machine.kernel().withoutLivepatch();
        machine.run("list").succeeds().prints("Loaded patch modules:", "", "Installed patch modules:");
    }

    @Test
    void listHasExactlyTwoParagraphs() {
        machine.installed(patchModule("kpatch-10"));
        machine.installed(patchModule("kpatch-9"));
        machine.installed("5.10.0", patchModule("kpatch-9"));
        machine.run("load", machine.file(patchModule("kpt_b"))).succeeds();
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        machine.run("list")
                .succeeds()
                .prints(
                        "Loaded patch modules:",
                        "kpt_a [enabled]",
                        "kpt_b [enabled]",
                        "",
                        "Installed patch modules:",
                        "kpatch_9 (5.10.0)",
                        "kpatch_9 (6.1.0-1-amd64)",
                        "kpatch_10 (6.1.0-1-amd64)");
    }

    @Test
    void whatIsStalledGoesToStandardError() {
        machine.withUser(0).kernel().stalledBy(42, "kthread_x", "[<0>] msleep+0x2d/0x40");
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a"))).succeeds();
        machine.run("list")
                .endsWith(0)
                .prints("Loaded patch modules:", "kpt_a [enabling...]", "", "Installed patch modules:")
                .complains(
                        "Tasks that have yet to switch in the running transition:",
                        "42 kthread_x",
                        "    msleep+0x2d/0x40");
    }

    @Test
    void anUnprivilegedUserMayList() {
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_a"))).succeeds();
        machine.withUser(65_534).kernel().unprivileged();
        machine.run("list")
                .succeeds()
                .prints("Loaded patch modules:", "kpt_a [enabling...]", "", "Installed patch modules:");
    }

    private void threeStackedModules() {
        machine.kernel().hasModules("ext4");
        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "f", "g")))
                .succeeds();
        machine.run(
                        "load",
                        machine.file(
                                patchModule("kpt_c").patches("vmlinux", "f").patches("ext4", "h")))
                .succeeds();
        machine.run(
                        "load",
                        machine.file(patchModule("kpt_a")
                                .patchesNth("vmlinux", "f", 2)
                                .patches("xfs", "i")))
                .succeeds();
    }

    private static final Object[] FUNCTIONS = {
        "Loaded patch modules:",
        "kpt_a [enabled]",
        "kpt_b [enabled]",
        "kpt_c [enabled]",
        "",
        "Installed patch modules:",
        "",
        "Patched functions:",
        "ext4: h [kpt_c]",
        "vmlinux: f [kpt_c]",
        "vmlinux: f,2 [kpt_a]",
        "vmlinux: g [kpt_b]"
    };

    @Test
    void functionsAreShownOnceWithTheModuleInEffect() {
        threeStackedModules();
        machine.run("list", "--functions").succeeds().prints(FUNCTIONS);
    }

    @Test
    void functionsAreShownByStackOrderWhereTheKernelHasIt() throws IOException {
        machine.kernel().withStackOrder();
        threeStackedModules();
        machine.run("list", "--functions").succeeds().prints(FUNCTIONS);
        Files.writeString(machine.roots().livepatch().resolve("kpt_b/stack_order"), "9\n");
        machine.run("list", "--functions").succeeds().printsAmongOthers("vmlinux: f [kpt_b]", "vmlinux: f,2 [kpt_a]");
    }

    @Test
    void functionsOfADisabledModuleAreNotPatched() {
        machine.kernel().before51();
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        machine.kernel().fails("delete_module(kpt_a)", Errno.EBUSY);
        machine.run("unload", "kpt_a").endsWith(5);
        machine.run("list", "--functions")
                .succeeds()
                .prints(
                        "Loaded patch modules:",
                        "kpt_a [disabled]",
                        "",
                        "Installed patch modules:",
                        "",
                        "Patched functions:");
    }

    @Test
    void listDoesNotReadWhatItDoesNotShow() {
        machine.kernel().withStackOrder();
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        machine.put("sys/kernel/livepatch/kpt_a/stack_order", "unheard of");
        machine.run("list").succeeds().printsAmongOthers("kpt_a [enabled]");
        machine.run("list", "--functions").endsWith(1).mentions("stack_order: a number was expected");
    }

    @Test
    void underAnotherRootNothingIsLoaded() throws IOException {
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        Path image = Files.createDirectory(machine.home().resolve("image"));
        machine.run("install", "--root", image, machine.file(patchModule("kpt_b")))
                .succeeds();
        machine.run("list", "--root", image)
                .succeeds()
                .prints("Loaded patch modules:", "", "Installed patch modules:", "kpt_b (6.1.0-1-amd64)");
    }

    @Test
    void whatIsHiddenOrNoModuleIsNotListed() throws IOException {
        Path db = machine.db(FakeKernel.VERSION);
        machine.installed(patchModule("kpt_a"));
        for (String name : List.of(".kpatch-unfinished-kpt_b.ko", ".hidden.ko", "README", ".ko", "x.ko.rpmsave")) {
            Files.writeString(db.resolve(name), "");
        }
        Files.writeString(db.resolveSibling("stray.ko"), "");
        machine.run("list")
                .succeeds()
                .prints("Loaded patch modules:", "", "Installed patch modules:", "kpt_a (6.1.0-1-amd64)");
    }

    @Test
    void unknownWordsOfTheKernelFailLoudly() throws IOException {
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        Files.writeString(machine.roots().livepatch().resolve("kpt_a/enabled"), "maybe\n");
        machine.run("list").failsWith(1, "a number was expected, and the kernel says: maybe");
    }

    @Test
    void aFileNameInTheDbReachesTheTerminalHarmlessly() throws IOException {
        machine.installed(patchModule("kpt_a"));
        Files.writeString(machine.db(FakeKernel.VERSION).resolve("a\u001b[31m\nb.ko"), "");
        machine.run("list").succeeds().printsAmongOthers("a\\u001b[31m\\u000ab (6.1.0-1-amd64)");
    }

    @Test
    void infoShowsTheFileAndWhatItPatches() {
        Path file = machine.file(patchModule("kpt_a")
                .field("version", "1.2")
                .field("srcversion", "ABC")
                .replace(true)
                .checksum("0123abcd")
                .patches("vmlinux", "f")
                .patchesNth("ext4", "g", 2));
        machine.run("info", file)
                .succeeds()
                .prints(
                        "Patch information for kpt_a:",
                        "filename:       " + file,
                        "vermagic:       " + PatchModuleBuilder.VERMAGIC,
                        "license:        GPL",
                        "livepatch:      Y",
                        "version:        1.2",
                        "srcversion:     ABC",
                        "name:           kpt_a",
                        "checksum:       0123abcd",
                        "replace:        yes",
                        "patches:        vmlinux: f",
                        "patches:        ext4: g,2");
    }

    @Test
    void infoOfWhatIsOnlyInMemory() throws IOException {
        Path file = machine.file(patchModule("kpt_a").field("srcversion", "ABC").patches("vmlinux", "f"));
        machine.run("load", file).succeeds();
        Files.delete(file);
        machine.run("info", "kpt-a.ko")
                .succeeds()
                .prints(
                        "Patch information for kpt_a:",
                        "filename:       (none: it is loaded, but neither installed nor a file)",
                        "state:          enabled",
                        "srcversion:     ABC",
                        "patches:        vmlinux: f");
    }

    @Test
    void infoShowsModinfoHarmlessly() {
        Path file = machine.file(patchModule("kpt_a").field("author", "M\u001b[2J\u202e\nllory"));
        machine.run("info", file).succeeds().printsAmongOthers("author:         M\\u001b[2J\\u202e\\u000allory");
    }

    @Test
    void infoOfAModuleForAnotherKernelIsShown() {
        machine.run("info", machine.file(patchModule("kpt_a").vermagic("5.10.0 SMP")))
                .succeeds()
                .printsAmongOthers("vermagic:       5.10.0 SMP");
    }

    @Test
    void vulnerabilitiesThatAreFixedAreShownInTheirOrder() {
        machine.installed(patchModule("kpt_a")
                .patches("vmlinux", "f")
                .buildId("aa11")
                .field("cve", "CVE-2024-10863,CVE-2024-1086 CVE-2023-20593; CVE-2024-1086"));
        machine.installed(patchModule("kpt_b").patches("vmlinux", "g").field("cve", "CVE-2022-0001"));
        machine.run("list", "--cve").succeeds().prints(paragraphs(List.of(), "Fixed vulnerabilities:"));
        machine.run("load", "kpt_a").succeeds();
        machine.run("list", "--cve")
                .succeeds()
                .prints(paragraphs(
                        List.of("kpt_a [enabled]"),
                        "Fixed vulnerabilities:",
                        "CVE-2023-20593 [kpt_a]",
                        "CVE-2024-1086 [kpt_a]",
                        "CVE-2024-10863 [kpt_a]"));
    }

    private static Object[] paragraphs(List<String> loaded, String... third) {
        List<String> lines = new ArrayList<>(List.of("Loaded patch modules:"));
        lines.addAll(loaded);
        lines.addAll(List.of(
                "",
                "Installed patch modules:",
                "kpt_a (" + FakeKernel.VERSION + ")",
                "kpt_b (" + FakeKernel.VERSION + ")",
                ""));
        lines.addAll(List.of(third));
        return lines.toArray();
    }

    @Test
    void whatIsNotSeenToBeLoadedFixesNothing() {
        Path file = machine.file(
                patchModule("kpt_a").patches("vmlinux", "f").buildId("aa11").field("cve", "CVE-2024-1086"));
        machine.run("load", file).succeeds();
        assertFalse(showsFixes(), "nothing keeps the file");
        machine.installed(
                patchModule("kpt_a").patches("vmlinux", "f").buildId("bb22").field("cve", "CVE-2024-1086"));
        assertFalse(showsFixes(), "that is another build");
        machine.installed(
                patchModule("kpt_a").patches("vmlinux", "f").buildId("aa11").field("cve", "CVE-2024-1086"));
        assertTrue(showsFixes());
        machine.kernel().transitionsTake(Duration.ofHours(1));
        machine.run("unload", "--no-wait", "kpt_a");
        assertFalse(showsFixes(), "it is on its way out");
    }

    private boolean showsFixes() {
        return machine.run("list", "--cve").succeeds().stdout().contains("CVE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CVE-2024-1086 (in part)",
                "not CVE-2024-1086",
                "XCVE-2024-1086",
                "CVE-2024-108",
                "CVE-2024-1086-x",
                "cve-2024-1086",
                "CVE-2024-1086CVE-2024-1087",
                ""
            })
    void aFieldWithOtherWordsNamesNothing(String field) {
        machine.installed(
                patchModule("kpt_a").patches("vmlinux", "f").buildId("aa11").field("cve", field));
        machine.run("load", "kpt_a").succeeds();
        assertFalse(machine.run("list", "--cve").succeeds().stdout().contains("VE-"));
    }
}
