// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.PatchModuleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PruneTest {
    private static final String GONE = "5.10.0-1-amd64";
    private static final String OLD = "kpt_9 (" + FakeKernel.VERSION + "): kpt_10 has taken its place";

    private final FakeMachine machine;

    PruneTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
        machine.put("lib/modules/" + FakeKernel.VERSION + "/modules.dep", "");
        machine.put("boot/vmlinuz-" + FakeKernel.VERSION, "");
    }

    private static PatchModuleBuilder cumulative(String name) {
        return patchModule(name).patches("vmlinux", "f").buildId("aa11").replace(true);
    }

    /** An older module, and a newer one that is loaded. */
    private void upgrade() {
        machine.installed(patchModule("kpt_9").patches("vmlinux", "f"));
        machine.run("load", machine.installed(cumulative("kpt_10"))).succeeds();
    }

    private void nothingToPrune() {
        machine.run("prune").succeeds().prints("there is nothing to prune");
        machine.run("prune", "--yes").succeeds().prints();
    }

    @Test
    void whatCanGoIsShownAndOnlyWithYesUninstalled() {
        upgrade();
        Path gone = machine.installed(GONE, patchModule("kpt_b").vermagic(GONE + " SMP "));
        machine.run("prune")
                .succeeds()
                .prints("kpt_b (" + GONE + "): its kernel is gone", OLD, "'kpatch prune --yes' uninstalls them");
        assertTrue(Files.exists(gone));
        machine.run("prune", "--yes")
                .succeeds()
                .prints("uninstalling kpt_b (" + GONE + ")", "uninstalling kpt_9 (" + FakeKernel.VERSION + ")");
        assertFalse(Files.exists(gone));
        nothingToPrune();
        machine.run("list")
                .prints(
                        "Loaded patch modules:",
                        "kpt_10 [enabled]",
                        "",
                        "Installed patch modules:",
                        "kpt_10 (" + FakeKernel.VERSION + ")");
    }

    @Test
    void aKernelThatIsYetToComeIsNotGone() {
        machine.installed("6.1.0-99-amd64", patchModule("kpt_b").vermagic("6.1.0-99-amd64 SMP "));
        nothingToPrune();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lib/modules/" + GONE + "/modules.dep",
                "boot/vmlinuz-" + GONE,
                "boot/0123456789abcdef/" + GONE + "/linux",
                "boot/efi/0123456789abcdef/" + GONE + "/linux"
            })
    void aKernelOfWhichAnythingIsThereIsNotGone(String file) {
        machine.installed(GONE, patchModule("kpt_b").vermagic(GONE + " SMP "));
        machine.put(file, "");
        nothingToPrune();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run/ostree-booted", ".snapshots/1/info.xml"})
    void whereOtherRootsAreBootedNoKernelIsTakenForGone(String sign) {
        machine.installed(GONE, patchModule("kpt_b").vermagic(GONE + " SMP "));
        machine.put(sign, "");
        machine.run("prune")
                .succeeds()
                .prints(
                        "whether kernel " + GONE + " is gone cannot be told here, as this machine may boot other roots;"
                                + " 'kpatch uninstall -k " + GONE + " NAME' removes what is installed for it",
                        "there is nothing to prune");
    }

    @Test
    void inAContainerNoKernelIsTakenForGone() throws IOException {
        machine.installed(GONE, patchModule("kpt_b").vermagic(GONE + " SMP "));
        Files.delete(machine.roots().kernelModules(FakeKernel.VERSION).resolve("modules.dep"));
        Files.delete(machine.roots().kernelModules(FakeKernel.VERSION));
        machine.run("prune").succeeds().printsAmongOthers("there is nothing to prune");
    }

    @Test
    void aNewerModuleThatIsNotLoadedTakesNoPlace() {
        machine.installed(patchModule("kpt_9").patches("vmlinux", "f"));
        machine.installed(cumulative("kpt_10"));
        nothingToPrune();
    }

    @Test
    void aNewerModuleThatIsNotInstalledTakesNoPlace() {
        machine.installed(patchModule("kpt_9").patches("vmlinux", "f"));
        machine.run("load", machine.file(cumulative("kpt_10"))).succeeds();
        nothingToPrune();
    }

    @Test
    void aNewerModuleOnHoldTakesNoPlaceAndWhatIsOnHoldStays() {
        upgrade();
        machine.run("hold", "kpt_10").succeeds();
        nothingToPrune();
        machine.run("unhold", "kpt_10").succeeds();
        machine.run("hold", "kpt_9").succeeds();
        nothingToPrune();
        machine.run("unhold", "kpt_9").succeeds();
        machine.run("prune").succeeds().printsAmongOthers(OLD);
    }

    @Test
    void aNewerModuleOnTrialTakesNoPlaceBeforeTheAllClear() {
        machine.put("proc/sys/kernel/random/boot_id", "boot-1");
        machine.installed(patchModule("kpt_9").patches("vmlinux", "f"));
        machine.installed(cumulative("kpt_10"));
        machine.run("load", "--all", "--boot").succeeds();
        nothingToPrune();
        machine.run("guard", "--all-clear").succeeds();
        machine.run("prune").succeeds().printsAmongOthers(OLD);
    }

    @Test
    void aNewerModuleThatWasChangedTakesNoPlace() throws IOException {
        machine.installed(patchModule("kpt_9").patches("vmlinux", "f"));
        Path file = machine.file(cumulative("kpt_10"));
        machine.run("install", file).succeeds();
        machine.run("load", "kpt_10").succeeds();
        machine.run("prune").succeeds().printsAmongOthers(OLD);
        Path installed = machine.db(FakeKernel.VERSION).resolve("kpt_10.ko");
        Files.write(installed, cumulative("kpt_10").field("author", "somebody").bytes());
        machine.run("prune").succeeds().printsAmongOthers("there is nothing to prune");
    }

    @Test
    void nothingIsTakenForReplacedDuringATransition() {
        machine.kernel().transitionsTake(Duration.ofHours(1));
        machine.installed(patchModule("kpt_9").patches("vmlinux", "f"));
        machine.run("load", "--no-wait", machine.installed(cumulative("kpt_10")));
        nothingToPrune();
    }

    @Test
    void oneThatCannotBeRemovedDoesNotKeepTheOthers() throws IOException {
        machine.installed(GONE, patchModule("kpt_a").vermagic(GONE + " SMP "));
        Path directory = machine.db(GONE).resolve("kpt_b.ko");
        Files.createDirectories(directory.resolve("x"));
        machine.installed(GONE, patchModule("kpt_c").vermagic(GONE + " SMP "));
        machine.run("prune", "--yes").endsWith(1).mentions("1 of 3 patch modules could not be uninstalled (kpt_b.ko)");
        assertFalse(Files.exists(machine.db(GONE).resolve("kpt_c.ko")));
    }

    @Test
    void theInitramfsOfAKernelThatIsGoneIsNotMade() {
        machine.installed(GONE, patchModule("kpt_b").vermagic(GONE + " SMP "));
        machine.put("var/lib/kpatch/.kpatch/early/" + GONE, "kpt_b.ko\n");
        machine.run("prune", "--yes").succeeds().prints("uninstalling kpt_b (" + GONE + ")");
    }
}
