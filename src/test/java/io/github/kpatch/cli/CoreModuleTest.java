// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.coreModule;
import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoreModuleTest {
    private final FakeMachine machine;

    CoreModuleTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    private static final List<String> FILES = List.of(
            "usr/local/lib/kpatch/6.1.0-1-amd64/kpatch.ko",
            "usr/lib/kpatch/6.1.0-1-amd64/kpatch.ko",
            "usr/local/lib/modules/6.1.0-1-amd64/extra/kpatch/kpatch.ko",
            "usr/lib/modules/6.1.0-1-amd64/extra/kpatch/kpatch.ko");

    private Path file() {
        return machine.file(coreModule("kpt_a").checksum("c0ffee").patches("vmlinux", "f", "g"));
    }

    @Test
    void modprobeBringsTheCoreModule() {
        machine.kernel().withoutLivepatch();
        machine.path().has("modprobe", 0, "", () -> machine.kernel().withCoreModule());
        machine.run("load", file()).succeeds();
        assertEquals(List.of("modprobe kpatch"), machine.path().runs());
        assertEquals(List.of("finit_module(kpt_a)"), machine.kernel().calls());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void elseTheFirstOfFourFilesIsIt(int first) {
        machine.kernel().withoutLivepatch();
        machine.path().has("modprobe", 1, "not found");
        FILES.subList(first, 4).forEach(path -> machine.put(path, "core"));
        machine.run("load", file()).succeeds();
        assertEquals(
                List.of("finit_module(" + FILES.get(first) + ")", "finit_module(kpt_a)"),
                machine.kernel().calls());
    }

    @Test
    void withoutACoreModuleNothingCanBeLoaded() {
        machine.kernel().withoutLivepatch();
        machine.run("load", file()).failsWith(4, "there is no kpatch core module");
        machine.path().has("modprobe", 1, "modprobe: FATAL: Module kpatch not found.");
        machine.run("load", file())
                .endsWith(4)
                .mentions("there is no kpatch core module", "    modprobe: FATAL: Module kpatch not found.");
    }

    @Test
    void forAModuleOfLivepatchTheCoreModuleIsNotLoaded() {
        machine.kernel().withoutLivepatch();
        machine.path().has("modprobe", 0, "", () -> machine.kernel().withCoreModule());
        machine.run("load", machine.file(patchModule("kpt_a"))).failsWith(4, "has no livepatch");
        assertEquals(List.of(), machine.path().runs());
    }

    @Test
    void aCoreModuleThatTheKernelRefusesIsTold() {
        machine.kernel().withoutLivepatch().fails("finit_module", Errno.ENOEXEC);
        machine.put(FILES.get(1), "core");
        machine.run("load", file()).failsWith(5, FILES.get(1), "ENOEXEC");
    }

    @Test
    void aModuleForLivepatchIsNotForTheCoreModule() {
        machine.kernel().withCoreModule();
        machine.run("load", machine.file(patchModule("kpt_a"))).failsWith(4, "is built for livepatch");
        assertEquals(List.of(), machine.kernel().calls());
    }

    private void goesThroughItsLife() {
        Path file = file();
        machine.run("load", file).succeeds().prints("loading patch module: " + file);
        machine.run("load", file).succeeds().prints("patch module kpt_a is already loaded and enabled");
        machine.run("list", "--functions")
                .succeeds()
                .printsAmongOthers("kpt_a [enabled]", "vmlinux: f [kpt_a]", "vmlinux: g [kpt_a]");
        machine.kernel().fails("delete_module(kpt_a)", Errno.EBUSY);
        machine.run("unload", "kpt_a").failsWith(5, "EBUSY");
        machine.run("list").succeeds().printsAmongOthers("kpt_a [disabled]");
        machine.run("load", machine.file(coreModule("kpt_a").checksum("other").patches("vmlinux", "f")))
                .failsWith(4, "its checksum is c0ffee, the file's is other");
        machine.run("load", file()).succeeds().prints("patch module kpt_a is loaded but disabled; enabling it again");
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
        machine.run("force", "--yes").failsWith(4, "no transition is running");
        machine.run("unload", "kpt_a")
                .succeeds()
                .prints("disabling patch module: kpt_a", "unloading patch module: kpt_a");
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void aPatchModuleGoesThroughItsLifeInThe04Layout() {
        machine.kernel().withCoreModule();
        goesThroughItsLife();
    }

    @Test
    void aPatchModuleGoesThroughItsLifeInTheOlderLayout() {
        machine.kernel().withOldCoreModule();
        goesThroughItsLife();
    }

    @Test
    void livepatchHasPrecedence() {
        machine.put("sys/kernel/kpatch/kpt_old/enabled", "1\n");
        machine.run("list").succeeds().prints("Loaded patch modules:", "", "Installed patch modules:");
    }

    @Test
    void aReferenceThatTheCoreModuleKeepsIsNotWaitedFor() {
        machine.kernel().withCoreModule().neverReleases();
        machine.run("load", file()).succeeds();
        machine.run("unload", "kpt_a").failsWith(5, "EAGAIN");
        assertEquals(Duration.ZERO, machine.time().elapsed());
    }

    @Test
    void theActivenessCheckIsTriedAgain() {
        machine.kernel().withCoreModule().fails("finit_module(kpt_a)", Errno.EBUSY, Errno.EBUSY);
        machine.run("load", file()).succeeds();
        assertEquals(Duration.ofSeconds(4), machine.time().elapsed());
    }

    @Test
    void allAreUnloadedFromTheCoreModuleBeforeItsUpgrade() {
        machine.kernel().withCoreModule();
        machine.run("load", file()).succeeds();
        machine.run("load", machine.file(coreModule("kpt_b").patches("vmlinux", "f")))
                .succeeds();
        machine.run("unload", "--all").succeeds();
        assertEquals(List.of(), machine.kernel().loaded());
    }
}
