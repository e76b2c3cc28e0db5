// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootGuardTest {
    private static final String HELD =
            "kpt_b.ko: is held back, as the machine went down at a boot while it was being loaded, or soon after;"
                    + " 'kpatch load kpt_b' loads it and ends that";

    @TempDir
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private FakeMachine machine;

    private int boots;

    @BeforeEach
    void start() {
        boot();
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.installed(patchModule("kpt_b").patches("vmlinux", "g"));
    }

    /** Another boot on the same disk. */
    private void boot() {
        machine = new FakeMachine(directory);
        machine.put("proc/sys/kernel/random/boot_id", "boot-" + ++boots);
        machine.kernel().transitionsTake(Duration.ofMillis(1));
    }

    /** The machine goes down while a module is being loaded. */
    private void diesWhileLoading(String module) {
        machine.kernel()
                .does("finit_module(" + module + ")", () -> machine.keyboard().fire());
        machine.run("load", "--all", "--boot").endsWith(130);
    }

    @Test
    void whatTheMachineDiedOfIsNotLoadedAtTheNextBoot() {
        diesWhileLoading("kpt_b");
        boot();
        machine.run("load", "--all", "--boot")
                .endsWith(1)
                .mentions("kpatch: " + HELD, "1 of 2 patch modules could not be loaded (kpt_b.ko)");
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
        machine.run("list").endsWith(0).complains("kpatch: " + HELD);
        machine.run("load", "--all").endsWith(1).mentions(HELD);
        machine.run("guard").succeeds().prints(HELD);
    }

    @Test
    void itIsHeldBackThroughLaterBootsAndTheirAllClear() {
        diesWhileLoading("kpt_b");
        for (int i = 0; i < 2; i++) {
            boot();
            machine.run("load", "--all", "--boot").endsWith(1).mentions(HELD);
            machine.run("guard", "--all-clear").succeeds();
        }
    }

    @Test
    void aBootAtWhichNothingIsLoadedDoesNotEndThat() {
        diesWhileLoading("kpt_b");
        boot(); // with kpatch.enable=0
        machine.run("list").endsWith(0).complains("kpatch: " + HELD);
        machine.run("guard", "--all-clear").succeeds().prints("no patch module was on trial at this boot");
        boot();
        machine.run("load", "--all", "--boot").endsWith(1).mentions(HELD);
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void whatWasLoadedBeforeItIsNotSuspectOnceItHasBeenReplaced() {
        diesWhileLoading("kpt_b");
        boot(); // with kpatch.enable=0
        machine.run("uninstall", "kpt_b").succeeds();
        machine.run("install", machine.file(patchModule("kpt_b").field("version", "2")))
                .endsWith(0);
        boot();
        machine.run("load", "--all", "--boot").succeeds();
    }

    @Test
    void whatWasLoadedAtTheBootBeforeTheLastIsNoExcuse() {
        diesWhileLoading("kpt_b");
        boot();
        machine.run("load", "--all", "--boot").endsWith(1); // kpt_a alone, and the machine goes down after it
        boot();
        machine.run("load", "--all", "--boot").endsWith(1).mentions("2 of 2 patch modules");
    }

    @Test
    void whereNothingCanBeWrittenTheModulesAreLoadedAndThatIsTold() throws IOException {
        machine.put("var/lib/kpatch/.kpatch/guard", "in the way");
        machine.run("load", "--all", "--boot").endsWith(0).mentions("cannot be written");
        assertEquals(List.of("kpt_a", "kpt_b"), machine.kernel().enabled());
    }

    @Test
    void loadingItByNameEndsThat() {
        diesWhileLoading("kpt_b");
        boot();
        machine.run("load", "--all", "--boot").endsWith(1);
        machine.run("load", "kpt_b").succeeds();
        machine.run("guard").succeeds().prints("no patch module is held back");
        machine.run("list").succeeds();
    }

    @Test
    void aNewVersionIsNotHeldBack() {
        diesWhileLoading("kpt_b");
        boot();
        machine.run("load", "--all", "--boot").endsWith(1);
        machine.run("guard", "--all-clear").succeeds();
        machine.run("uninstall", "kpt_b").succeeds();
        machine.run("install", machine.file(patchModule("kpt_b").field("version", "2")))
                .endsWith(0);
        boot();
        machine.run("load", "--all", "--boot").succeeds();
    }

    @Test
    void aNewVersionThatAPackagePutThereItselfIsNotHeldBackEither() {
        diesWhileLoading("kpt_b");
        boot();
        machine.run("load", "--all", "--boot").endsWith(1);
        machine.run("guard", "--all-clear").succeeds();
        machine.installed(patchModule("kpt_b").patches("vmlinux", "g").field("version", "2"));
        boot();
        machine.run("load", "--all", "--boot").succeeds();
    }

    @Test
    void ifAllHadBeenLoadedAllAreSuspects() {
        machine.run("load", "--all", "--boot").succeeds();
        boot();
        machine.run("load", "--all", "--boot").endsWith(1).mentions("2 of 2 patch modules");
        assertEquals(List.of(), machine.kernel().enabled());
    }

    @Test
    void afterTheAllClearNothingIsSuspect() {
        machine.run("load", "--all", "--boot").succeeds();
        machine.run("guard", "--all-clear").succeeds().prints("the boot went well with 2 patch modules");
        boot();
        machine.run("load", "--all", "--boot").succeeds();
    }

    @Test
    void theServiceMayBeRestartedInTheSameBoot() {
        machine.run("load", "--all", "--boot").succeeds();
        machine.run("load", "--all", "--boot").succeeds();
    }

    @Test
    void aLoadThatFailsIsNoCrash() {
        machine.kernel().fails("finit_module(kpt_b)", Errno.ENOENT);
        machine.run("load", "--all", "--boot").endsWith(1);
        machine.run("guard", "--all-clear").succeeds().prints("the boot went well with 1 patch module");
        boot();
        machine.run("load", "--all", "--boot").succeeds();
    }

    @Test
    void theGuardIsForBootsOnly() {
        machine.run("load", "--all").succeeds();
        boot();
        machine.run("load", "--all", "--boot").succeeds();
        machine.run("load", "--boot", "kpt_a").failsWith(2, "--boot goes with --all");
    }

    @Test
    void aDamagedRecordIsAsGoodAsNone() throws IOException {
        machine.run("load", "--all", "--boot").succeeds();
        Path records = machine.roots().installDb().resolve(".kpatch/guard/" + FakeKernel.VERSION);
        Files.writeString(records.resolve("kpt_a.ko"), "\u0000garbage");
        Files.writeString(records.resolve("kpt_b.ko"), "");
        boot();
        machine.run("load", "--all", "--boot").succeeds();
    }
}
