// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhichModuleTest {
    private final FakeMachine machine;

    WhichModuleTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kpt-a.ko", "kpt-a", "kpt_a", "kpt_a.ko"})
    void anInstalledModuleIsFoundByItsFilesNameAndByItsOwn(String argument) {
        machine.installed(patchModule("kpt-a").patches("vmlinux", "f"));
        machine.run("load", argument)
                .succeeds()
                .printsAmongOthers("loading patch module: "
                        + machine.db(FakeKernel.VERSION).resolve("kpt-a.ko"));
        machine.run("info", argument).succeeds().printsAmongOthers("Patch information for kpt_a:");
        machine.run("unload", argument).succeeds().printsAmongOthers("unloading patch module: kpt_a");
        machine.run("uninstall", argument).succeeds().prints("uninstalling kpt_a (" + FakeKernel.VERSION + ")");
        assertFalse(Files.exists(machine.db(FakeKernel.VERSION)));
    }

    @Test
    void aFileInAHiddenDirectoryOfTheInstallDbIsAFileAsAnyOther() throws IOException {
        Path hidden = Files.createDirectories(machine.roots().installDb().resolve(".old"));
        Path file = patchModule("kpt_a").patches("vmlinux", "f").writeTo(hidden);
        machine.run("info", file).succeeds().printsAmongOthers("Patch information for kpt_a:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"renamed.ko", "renamed", "kpt_a", "kpt-a.ko"})
    void anInstalledFileThatWasRenamedIsFoundByEitherName(String argument) throws IOException {
        Files.createDirectories(machine.db(FakeKernel.VERSION));
        patchModule("kpt_a").writeAs(machine.db(FakeKernel.VERSION).resolve("renamed.ko"));
        machine.run("load", argument).succeeds();
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
        machine.run("unload", argument).succeeds();
        machine.run("info", argument).succeeds();
        machine.run("uninstall", argument).succeeds().prints("uninstalling renamed (" + FakeKernel.VERSION + ")");
    }

    @Test
    void everyNameThatListPrintsIsAcceptedByEveryCommand() throws IOException {
        Files.createDirectories(machine.db(FakeKernel.VERSION));
        patchModule("kpt_a").writeAs(machine.db(FakeKernel.VERSION).resolve("re-named.ko"));
        machine.installed(patchModule("kpatch-5.10-1").patches("vmlinux", "f"));
        machine.run("load", "--all").succeeds();
        List<String> lines = machine.run("list").succeeds().stdout().lines().toList();
        assertEquals(
                List.of(
                        "Loaded patch modules:",
                        "kpatch_5.10_1 [enabled]",
                        "kpt_a [enabled]",
                        "",
                        "Installed patch modules:",
                        "kpatch_5.10_1 (" + FakeKernel.VERSION + ")",
                        "re_named (" + FakeKernel.VERSION + ")"),
                lines);
        for (String name : List.of("kpatch_5.10_1", "kpt_a", "re_named")) {
            for (String argument : List.of(name, name + ".ko")) {
                machine.run("info", argument).succeeds();
                machine.run("load", argument).succeeds();
                machine.run("unload", argument).succeeds();
                machine.run("load", argument).succeeds();
            }
        }
        machine.run("uninstall", "kpatch_5.10_1.ko").succeeds();
        machine.run("uninstall", "re_named").succeeds();
        machine.run("unload", "kpatch_5.10_1.ko").succeeds();
        machine.run("unload", "kpt_a").succeeds();
        machine.run("list").succeeds().prints("Loaded patch modules:", "", "Installed patch modules:");
    }

    @Test
    void aFileComesBeforeAnInstalledModuleWhateverItsSuffix() throws IOException {
        machine.installed(patchModule("kpt_a"));
        Path file = patchModule("kpt_b").writeAs(machine.home().resolve("some.thing"));
        machine.run("load", file).succeeds();
        assertEquals(List.of("kpt_b"), machine.kernel().enabled());
    }

    @Test
    void anInstalledModuleIsFoundBehindADirectoryOfItsName() {
        // a relative argument is resolved in the directory of the tests, where there is a directory src
        machine.installed(patchModule("src"));
        machine.run("load", "src").succeeds();
        assertEquals(List.of("src"), machine.kernel().enabled());
    }

    @Test
    void whatIsLoadedIsUnloadedByNameWhateverHasBecomeOfItsFile() throws IOException {
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        Path installed = machine.installed(patchModule("kpt_a"));
        Files.writeString(installed, "broken");
        machine.run("unload", "kpt_a").succeeds();
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        patchModule("kpt_b").writeAs(installed);
        machine.run("unload", "kpt-a.ko").succeeds();
        assertEquals(List.of(), machine.kernel().loaded());
        machine.run("unload", "kpt-a.ko").failsWith(3, "kpt_b: no such patch module is loaded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fix 3-a",
                "fix-\u00e9-2",
                "a-very-long-name-that-is-longer-than-the-name-of-any-kernel-module-can-be"
            })
    void aFileOfTheDbIsMeantByWhatListShowsThoughNoModuleCouldHaveThatName(String name) throws IOException {
        Files.createDirectories(machine.db(FakeKernel.VERSION));
        patchModule("kpt_a").writeAs(machine.db(FakeKernel.VERSION).resolve(name + ".ko"));
        String shown = name.replace('-', '_');
        machine.run("list").printsAmongOthers(shown + " (" + FakeKernel.VERSION + ")");
        machine.run("info", shown).succeeds();
        machine.run("info", shown + ".ko").succeeds();
        machine.run("uninstall", shown).succeeds();
    }

    @Test
    void aLoadedModuleIsMeantBeforeAnInstalledFileThatIsCalledSo() throws IOException {
        machine.run("load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")))
                .succeeds();
        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "f")))
                .succeeds();
        patchModule("kpt_b").writeAs(machine.installed(patchModule("kpt_a")));
        machine.run("unload", "kpt_a").succeeds();
        assertEquals(List.of("kpt_b"), machine.kernel().loaded());
    }

    @Test
    void whatIsNotUtf8IsTold() {
        machine.run("info", "bad\ufffd.ko").failsWith(2, "is not UTF-8");
    }

    @Test
    void uninstallTakesNoPath() {
        machine.installed(patchModule("kpt_a"));
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("uninstall", file).failsWith(4, "is a path, and uninstall takes a name");
        machine.run("uninstall", "./kpt_a.ko").failsWith(4, "is a path");
        machine.run("uninstall", "../" + FakeKernel.VERSION + "/kpt_a.ko").failsWith(4, "is a path");
        assertTrue(Files.exists(machine.db(FakeKernel.VERSION).resolve("kpt_a.ko")));
    }

    @Test
    void whatIsInstalledForAnotherKernelIsNotMeantButFound() {
        machine.installed("5.10.0", patchModule("kpt_a").vermagic("5.10.0 SMP"));
        machine.run("load", "kpt_a")
                .failsWith(3, "installed for kernel " + FakeKernel.VERSION + ", only for 5.10.0; get the build");
        machine.run("uninstall", "kpt_a")
                .failsWith(3, "installed for kernel " + FakeKernel.VERSION + ", only for 5.10.0; say with -k");
        machine.run("uninstall", "-k", "5.10.0", "kpt_a").succeeds().prints("uninstalling kpt_a (5.10.0)");
    }

    @Test
    void infoShowsWhatListShowsForWhateverKernel() {
        machine.installed("5.9.0", patchModule("kpt_a").vermagic("5.9.0 SMP"));
        machine.installed("5.10.0", patchModule("kpt_a").vermagic("5.10.0 SMP"));
        machine.run("info", "kpt_a").succeeds().printsAmongOthers("vermagic:       5.10.0 SMP");
        machine.run("info", "-k", "5.9.0", "kpt_a").succeeds().printsAmongOthers("vermagic:       5.9.0 SMP");
        machine.installed(patchModule("kpt_a"));
        machine.run("info", "kpt_a")
                .succeeds()
                .printsAmongOthers("vermagic:       " + FakeKernel.VERSION + " SMP preempt mod_unload modversions ");
        machine.run("info", "-k", "4.19", "kpt_a").failsWith(3, "installed for kernel 4.19, only for");
    }

    @Test
    void aDirectoryDoesNotHideALoadedModuleOfItsName() {
        // a relative argument is resolved in the directory of the tests, where there is a directory src
        Path file = machine.file(patchModule("src").patches("vmlinux", "f"));
        machine.run("load", file).succeeds();
        machine.run("info", "src").succeeds().printsAmongOthers("state:          enabled");
        machine.run("load", "src").succeeds().prints("patch module src is already loaded and enabled");
        machine.run("unload", "src").succeeds();
        machine.run("load", "src").failsWith(4, "src: is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "unload", "info", "install", "uninstall"})
    void whatDoesNotExistIsNoSuchModule(String command) {
        machine.run(command, "nix").failsWith(3, "nix: no such patch module");
        machine.run(command, "").failsWith(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "unload", "info", "install"})
    void aPathToNothingIsNoSuchModule(String command) {
        machine.run(command, "/nowhere/kpt_a.ko").failsWith(3, "/nowhere/kpt_a.ko");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a\nb", "a\u001b[31mb", "\u202ekpt"})
    void namesThatNoModuleCanHaveAreToldHarmlessly(String name) {
        for (String command : List.of("load", "unload", "info", "uninstall", "install")) {
            Outcome outcome = machine.run(command, name);
            assertTrue(outcome.status() == 3 || outcome.status() == 4, outcome::toString);
            assertEquals(1, outcome.stderr().lines().count(), outcome::toString);
            assertFalse(outcome.stderr().contains("\u001b") || outcome.stderr().contains("\u202e"));
        }
        assertEquals(List.of(), machine.kernel().calls());
    }
}
