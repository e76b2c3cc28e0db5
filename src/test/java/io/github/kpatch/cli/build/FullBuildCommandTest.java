// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import static io.github.kpatch.cli.build.BuildScene.OBJECT;
import static io.github.kpatch.cli.build.BuildScene.SOURCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.source.Disk;
import io.github.kpatch.testing.FakeInterrupts;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kpatch-build --full-build}, from the command line to the module. */
class FullBuildCommandTest {
    private final BuildScene scene;
    private final Path full;

    FullBuildCommandTest(@TempDir Path directory) {
        scene = new BuildScene(directory);
        full = scene.home.resolve(FakeKernel.VERSION + "/full");
        Disk.write(scene.sources.resolve("fs/proc/internal.h"), "header\n");
        Disk.write(scene.sources.resolve("fs/proc/version.c"), "three\n");
        Disk.write(scene.sources.resolve("ipc/msg.c"), "// module msg\nfour\n");
    }

    private Outcome build(Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = "--full-build";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return scene.build(all);
    }

    private String module(String name) {
        return Disk.text(scene.machine.home().resolve(name));
    }

    @Test
    void whatMakeCompilesOtherwiseBecomesTheModule() {
        build(scene.patch("fix.patch", "fs/proc/internal.h", "HEADER\n"))
                .succeeds()
                .printsAmongOthers(
                        "compiling the whole kernel without the patches",
                        "compiling the whole kernel with the patches",
                        "2 objects differ",
                        "comparing",
                        "vmlinux, " + OBJECT + ":",
                        "vmlinux, fs/proc/version.o:",
                        "  changed  HEADER");
        assertTrue(module("livepatch-fix.ko").contains("{ kpatch_funcs_1, 1 }"));
    }

    @Test
    void anObjectOfAModuleIsPatchedInThatModule() {
        build("-t", "ipc/", scene.patch("fix.patch", "ipc/msg.c", "// module msg\nFOUR\n"))
                .succeeds()
                .printsAmongOthers("compiling ipc/ with the patches", "1 object differs", "msg, ipc/msg.o:");
        assertTrue(module("livepatch-fix.ko").contains("\t\"msg\",\n"));
    }

    @Test
    void theNextPatchFindsTheOriginalBuilt() {
        build(scene.patch("fix.patch", SOURCE, "one\n2\n")).succeeds();
        scene.kbuild.compiled.clear();
        build(scene.patch("other.patch", "fs/proc/version.c", "3\n")).succeeds();
        assertEquals(List.of(OBJECT, "fs/proc/version.o"), scene.kbuild.compiled);
        assertTrue(module("livepatch-other.ko").endsWith("finished\n"));
    }

    @Test
    void theTreesAreAfterwardsWhatTheyWere() {
        build(scene.patch("fix.patch", SOURCE, "one\n2\n")).succeeds();
        assertEquals("one\ntwo\n", Disk.text(full.resolve("tree").resolve(SOURCE)));
        assertFalse(Files.exists(full.resolve("tree").resolve(OBJECT)));
        assertFalse(Files.exists(scene.sources.resolve(OBJECT)));
    }

    @Test
    void aChangedMemberOfAModuleThatIsAnotherOneIsRefused() {
        build(scene.patch("fix.patch", "ipc/msg.c", "// module other\nFOUR\n"))
                .endsWith(1)
                .mentions("ipc/msg.o: is part of msg, and would be of other with the patch");
    }

    @Test
    void anAssemblerFileIsRefusedBeforeAKernelIsBuilt() {
        Disk.write(scene.sources.resolve("arch/x86/entry.S"), "nop\n");
        Outcome outcome =
                build(scene.patch("a.patch", "arch/x86/entry.S", "ret\n")).endsWith(1);
        outcome.mentions("arch/x86/entry.S is an assembler file");
        assertFalse(outcome.stdout().contains("compiling"), outcome::toString);
    }

    @Test
    void anAssemblerFileThatAHeaderChangesIsRefused() {
        Disk.write(scene.sources.resolve("fs/proc/entry.S"), "nop\n");
        build(scene.patch("a.patch", "fs/proc/internal.h", "HEADER\n"))
                .endsWith(1)
                .mentions("fs/proc/entry.S is an assembler file");
    }

    @Test
    void aPatchThatChangesNoObjectIsRefused() {
        build(scene.patch("same.patch", SOURCE, "one\ntwo\n"))
                .endsWith(1)
                .mentions("the patch changes nothing in kernel");
    }

    @Test
    void aFileByWhichNothingDiffersIsNoted() {
        Disk.write(scene.sources.resolve("fs/unused.h"), "one\n");
        build(scene.patch("fix.patch", "fs/unused.h", "two\n"))
                .endsWith(1)
                .printsAmongOthers("fs/unused.h: no object differs by its change", "0 objects differ")
                .mentions("the patch changes nothing in kernel");
    }

    @Test
    void whatNoTargetHasMadeIsNotPassedOver() {
        build("-t", "ipc/", scene.patch("fix.patch", SOURCE, "one\n2\n"))
                .endsWith(1)
                .mentions(OBJECT + ": is changed, and no --target has it made; name one that does, too");
    }

    @Test
    void thatMakefilesTakeNothingOutIsNoted() {
        build(scene.patch("fix.patch", "Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nobj-y += x\n"))
                .printsAmongOthers("Makefile: what it takes out of the kernel stays in the running one");
    }

    @Test
    void aPatchThatDoesNotCompileIsTakenBack() {
        build(scene.patch("bad.patch", SOURCE, "one\nwrong\n"))
                .endsWith(1)
                .mentions("the whole kernel with the patches could not be built", "error: 'wrong' undeclared");
        assertEquals("one\ntwo\n", Disk.text(full.resolve("tree").resolve(SOURCE)));
        build(scene.patch("fix.patch", SOURCE, "one\n2\n")).succeeds();
    }

    @Test
    void whatAnInterruptedBuildMadeIsNotTakenForTheOriginal() {
        build(scene.patch("first.patch", SOURCE, "one\nsecond\n")).succeeds();
        int[] calls = {0};
        scene.whileCompiling = () -> {
            calls[0]++;
            if (calls[0] == 2) {
                scene.kbuild.make(full.resolve("tree"), ".", line -> {});
                scene.machine.keyboard().fire();
            }
        };
        Path patch = scene.patch("fix.patch", SOURCE, "one\n2\n");
        assertThrows(FakeInterrupts.Ended.class, () -> build(patch));
        assertEquals("one\ntwo\n", Disk.text(full.resolve("tree").resolve(SOURCE)));
        scene.begin();
        build(patch).succeeds().printsAmongOthers("1 object differs", "  changed  2");
    }

    @Test
    void targetsAreOfNoUseWithoutAFullBuild() {
        scene.build("-t", "vmlinux", scene.patch("fix.patch", SOURCE, "one\n2\n"))
                .endsWith(0)
                .mentions("kpatch-build: warning: --target has no effect without --full-build");
    }

    @Test
    void aDiskWithoutRoomIsToldBeforeAnythingIsUnpacked() {
        scene.machine.tools().has("df", 0, "Avail", "1073741824");
        Outcome outcome = build("-t", "fs/proc/", scene.patch("fix.patch", SOURCE, "one\n2\n"))
                .endsWith(1)
                .mentions(
                        full + ": a full build takes 4.9 GiB more, and the disk has 1.0 GiB left; make room, name fewer"
                                + " targets by --target, or set CACHEDIR to a directory on another disk");
        assertFalse(outcome.stdout().contains("copying"), outcome::toString);
        scene.machine.tools().has("df", 0, "Avail", "6073741824");
        build("-t", "fs/proc/", scene.patch("fix.patch", SOURCE, "one\n2\n")).succeeds();
    }
}
