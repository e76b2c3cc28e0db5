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

class BuildTest {
    private final BuildScene scene;
    private final Path ours;

    BuildTest(@TempDir Path directory) {
        scene = new BuildScene(directory);
        ours = scene.home.resolve(FakeKernel.VERSION + "/tree");
    }

    private Path goodPatch() {
        return scene.patch("fix.patch", SOURCE, "one\n2\n");
    }

    private Path module(String name) {
        return scene.machine.home().resolve(name);
    }

    @Test
    void aPatchBecomesAModule() {
        Outcome outcome = scene.build(goodPatch());
        outcome.succeeds()
                .printsAmongOthers(
                        "copying " + scene.sources,
                        "preparing the source tree",
                        "compiling 1 original object",
                        "compiling 1 patched object",
                        "comparing",
                        "linking livepatch-fix.ko",
                        "vmlinux, " + OBJECT + ":",
                        "  changed  2");
        String tables = Disk.text(module("livepatch-fix.ko"));
        assertTrue(tables.contains("{ kpatch_funcs_0, 1 }") && tables.endsWith("finished\n"), tables);
        assertTrue(tables.contains("#define KPATCH_REPLACE true"));
    }

    @Test
    void theNextBuildCompilesOnlyWhatIsNew() {
        scene.build(goodPatch()).succeeds();
        Outcome next =
                scene.build(scene.patch("other.patch", SOURCE, "1\ntwo\n")).succeeds();
        assertFalse(next.stdout().contains("copying"), next::toString);
        assertFalse(next.stdout().contains("preparing"), next::toString);
        assertFalse(next.stdout().contains("original"), next::toString);
        assertTrue(Files.exists(module("livepatch-other.ko")));
    }

    @Test
    void theTreeThatIsNamedStaysAsItIsAndOursIsPutBack() {
        scene.build(goodPatch()).succeeds();
        assertEquals("one\ntwo\n", Disk.text(scene.sources.resolve(SOURCE)));
        assertEquals("one\ntwo\n", Disk.text(ours.resolve(SOURCE)));
        assertFalse(Files.exists(scene.sources.resolve(OBJECT)));
    }

    @Test
    void severalPatchesBecomeOneModule() {
        Disk.write(scene.sources.resolve("mm/slub.c"), "three\n");
        scene.build(goodPatch(), scene.patch("b.patch", "mm/slub.c", "3\n"))
                .succeeds()
                .printsAmongOthers("compiling 2 patched objects", "  changed  2", "  changed  3");
        assertTrue(Disk.text(module("livepatch-patch.ko")).contains("{ kpatch_funcs_1, 1 }"));
    }

    @Test
    void aSecondCallbackOfAKindIsRefused() {
        scene.callbacks.addAll(List.of("pre_patch", "pre_patch"));

        scene.build(scene.patch("fix.patch", SOURCE, "one\nTWO\n"))
                .endsWith(1)
                .mentions(
                        "has a second pre_patch callback for vmlinux, and there can be one of each kind; have the first"
                                + " call what the second does");
    }

    @Test
    void aChangeThatCannotBePatchedIsRefusedWithEachReason() {
        scene.refusals.add("meminfo_proc_show: has no ftrace entry");
        Outcome outcome = scene.build(goodPatch()).endsWith(1);
        assertEquals(
                List.of(
                        "kpatch-build: the change cannot be patched into a running kernel; the lines below say where and"
                                + " why",
                        "    " + OBJECT + ": meminfo_proc_show: has no ftrace entry",
                        "    the log: " + scene.home + "/build.log"),
                outcome.stderr().lines().toList());
        assertFalse(Files.exists(module("livepatch-fix.ko")));
    }

    @Test
    void anAssemblerFileIsRefusedBeforeAnythingIsCompiled() {
        Disk.write(scene.sources.resolve("arch/x86/entry.S"), "nop\n");
        scene.notes.add("2 objects may be affected");
        Outcome outcome =
                scene.build(scene.patch("a.patch", "arch/x86/entry.S", "ret\n")).endsWith(1);
        outcome.mentions("arch/x86/entry.S is an assembler file");
        assertFalse(outcome.stdout().contains("2 objects may be affected"), outcome::toString);
        assertFalse(outcome.stdout().contains("compiling"), outcome::toString);
    }

    @Test
    void aPatchThatChangesNothingIsRefused() {
        scene.build(scene.patch("same.patch", SOURCE, "one\ntwo\n"))
                .endsWith(1)
                .mentions("the patch changes nothing in kernel");
    }

    @Test
    void aPatchOfWhatIsNotCompiledIsRefusedWithWhatItIs() {
        Disk.write(scene.sources.resolve("Documentation/x.rst"), "x\n");
        Outcome outcome = scene.build(scene.patch("doc.patch", "Documentation/x.rst", "y\n"))
                .endsWith(1);
        assertEquals(
                List.of(
                        "kpatch-build: nothing of what the patch changes can be patched; the lines below say what and why",
                        "    Documentation/x.rst: is not compiled",
                        "    the log: " + scene.home + "/build.log"),
                outcome.stderr().lines().toList());
        assertFalse(outcome.stdout().contains("Documentation"), outcome::toString);
    }

    @Test
    void whatIsNotCompiledBesideWhatIsIsNoted() {
        Disk.write(scene.sources.resolve("Documentation/x.rst"), "x\n");
        scene.build(goodPatch(), scene.patch("doc.patch", "Documentation/x.rst", "y\n"))
                .succeeds()
                .printsAmongOthers("Documentation/x.rst: is not compiled", "compiling 1 original object");
    }

    @Test
    void whatTheCompilerSaysIsShownAndTheTreePutBack() {
        Outcome outcome =
                scene.build(scene.patch("bad.patch", SOURCE, "one\nwrong\n")).endsWith(1);
        assertEquals(
                List.of(
                        "kpatch-build: the patched " + OBJECT + " could not be built; " + scene.home
                                + "/build.log has all that make printed",
                        "    " + SOURCE + ":2:1: error: 'wrong' undeclared"),
                outcome.stderr().lines().toList());
        assertEquals("one\ntwo\n", Disk.text(ours.resolve(SOURCE)));
    }

    @Test
    void anInterruptPutsTheTreeBack() {
        scene.build(scene.patch("first.patch", SOURCE, "one\nsecond\n"))
                .succeeds(); // so that only the patched is compiled
        scene.whileCompiling = () -> scene.machine.keyboard().fire();
        Path patch = goodPatch();
        assertThrows(FakeInterrupts.Ended.class, () -> scene.build(patch));
        assertEquals("one\ntwo\n", Disk.text(ours.resolve(SOURCE)));
    }

    @Test
    void whatAKilledBuildLeftIsTakenBackByTheNext() {
        scene.build(goodPatch()).succeeds();
        Path restore = scene.home.resolve(FakeKernel.VERSION + "/restore");
        Disk.copy(ours.resolve(SOURCE), restore.resolve(SOURCE.replace('/', '!')));
        Disk.write(ours.resolve(SOURCE), "half patched\n");
        scene.machine.tools().hasOrphans();
        scene.build(goodPatch())
                .succeeds()
                .printsAmongOthers(
                        "what a build that was killed had left running was ended",
                        "the source tree was left patched by a build that was cut short; that was taken back",
                        "preparing the source tree");
        assertEquals("one\ntwo\n", Disk.text(ours.resolve(SOURCE)));
    }

    @Test
    void checkSaysWhatWouldBePatchedAndMakesNoModule() {
        Outcome outcome = scene.build("--check", goodPatch()).succeeds();
        assertTrue(outcome.stdout().contains("\nit can be patched (kernel "), outcome::toString);
        assertFalse(Files.exists(module("livepatch-fix.ko")));
    }

    @Test
    void whatIsSaidOfTheModuleIsInItsModinfo() {
        scene.build(
                        "--cve",
                        "CVE-2024-1086",
                        "--cve",
                        "CVE-2024-2000",
                        "--description",
                        "mends it",
                        "-R",
                        "-n",
                        "kp1",
                        goodPatch())
                .succeeds();
        String tables = Disk.text(module("kp1.ko"));
        assertTrue(
                tables.contains("MODULE_INFO(cve, \"CVE-2024-1086\");\nMODULE_INFO(cve, \"CVE-2024-2000\");"), tables);
        assertTrue(tables.contains("MODULE_INFO(description, \"mends it\");"));
        assertTrue(tables.contains("#define KPATCH_REPLACE false"));
    }

    @Test
    void anotherCompilerIsRefusedUnlessTheCheckIsSkippedByEitherName() {
        scene.machine.tools().has("gcc-12", 0, "gcc-12 (Debian 12.2.0-14) 12.2.0");
        scene.build(goodPatch()).endsWith(1).mentions("install gcc-12=12.2.0-14+deb12u1", "--skip-compiler-check");
        scene.build("--skip-gcc-check", goodPatch())
                .endsWith(0)
                .mentions("kpatch-build: warning: the kernel was built by");
        scene.build("--skip-compiler-check", goodPatch()).endsWith(0);
    }

    @Test
    void aModuleIsSignedByTheKernelsOwnProgram() {
        Path sign = ours.resolve("scripts/sign-file");
        scene.build(goodPatch()).succeeds();
        scene.build("--sign-key", "key.pem", "--sign-cert", "/cert.pem", goodPatch())
                .endsWith(1)
                .mentions("cannot be signed, as there is no " + sign + "; leave --sign-key out if the kernel has no"
                        + " CONFIG_MODULE_SIG, or else install the development files of OpenSSL and have the tree"
                        + " prepared anew");
        Disk.write(sign, "program");
        assertTrue(sign.toFile().setExecutable(true));
        scene.machine.tools().has(sign.toString(), 0);
        scene.build("--sign-key", "key.pem", "--sign-cert", "/cert.pem", goodPatch())
                .succeeds();
        assertTrue(scene.machine.tools().runs().stream()
                .anyMatch(run -> run.startsWith(sign + " sha256 key.pem /cert.pem ")));
    }

    @Test
    void debugShowsWhatTheProgramsPrintAndLeavesTheWorkInPlace() {
        Path work = scene.home.resolve(FakeKernel.VERSION + "/module");
        scene.build(goodPatch()).succeeds();
        assertFalse(Files.exists(work));
        scene.build("-d", "-j", "3", goodPatch()).endsWith(0).mentions("make --no-print-directory -j3 CC=gcc-12 ");
        assertTrue(Files.exists(work.resolve("kpatch-module.c")));
    }

    @Test
    void aPatchThatIsNotThereIsNamed() {
        scene.build("/nowhere.patch")
                .endsWith(1)
                .complains("kpatch-build: /nowhere.patch: cannot be read: it is not there");
    }

    @Test
    void aWrongCommandLineIsToldAsSuch() {
        String help = "; 'kpatch-build --help' shows how";
        scene.run().endsWith(2).complains("kpatch-build: a patch is missing" + help);
        scene.run("--nonsense", "a").endsWith(2).complains("kpatch-build: there is no option --nonsense" + help);
        scene.run("-j", "many", "a").endsWith(2).mentions("--jobs takes a number");
        scene.run("-s", "a", "-r", "b", "c").endsWith(2).mentions("exclude each other");
        scene.run("-t", "-k", "c").endsWith(2).mentions("'-k' is none");
        scene.run("--full-build", "--oot-module", "a", "--oot-module-src", "b", "c")
                .endsWith(2)
                .mentions("excludes --oot-module");
        scene.run("--sign-key", "a", "c").endsWith(2).mentions("go together");
        scene.run("--cve", "1086", "c").endsWith(2).mentions("'1086' is none");
        scene.run("-n", "", "c").endsWith(2).mentions("--name needs a value");
        scene.run("-n").endsWith(2).mentions("--name needs a value");
        scene.run("--output-format", "xml", "c").endsWith(2);
        scene.run("diff-object", "a.o").endsWith(2).mentions("7 operands");
    }

    @Test
    void helpAndVersionAreSuccess() {
        assertTrue(scene.run("--help").succeeds().stdout().contains("--skip-gcc-check"));
        assertFalse(scene.run("--version").succeeds().stdout().isBlank());
    }

    @Test
    void anInterruptBeforeThereIsATreeStopsWhatRuns() {
        scene.machine.tools().has("make", (command, where, line) -> {
            scene.machine.keyboard().fire();
            return 0;
        });
        Path patch = goodPatch();
        assertThrows(FakeInterrupts.Ended.class, () -> scene.build(patch));
        assertTrue(scene.machine.tools().find("gcc-12").isEmpty(), "no program is run any more");
    }
}
