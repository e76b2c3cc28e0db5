// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.source.Disk;
import io.github.kpatch.testing.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that is built outside of the kernel's tree, from main.c and sub/other.c. */
class OutOfTreeTest {
    private final BuildScene scene;
    private final Path module;
    private final Path sources;

    OutOfTreeTest(@TempDir Path directory) {
        scene = new BuildScene(directory);
        module = scene.machine.home().resolve("oot-thing.ko");
        sources = scene.machine.home().resolve("thing");
        Disk.write(module, "module");
        Disk.write(sources.resolve("Kbuild"), "obj-m := oot-thing.o\n");
        Disk.write(sources.resolve("sub/other.c"), "one\n");
        Disk.write(sources.resolve("main.c"), "one\n");
    }

    private Outcome build(Path patch) {
        return scene.run("--oot-module", module, "--oot-module-src", sources, "-o", scene.machine.home(), patch);
    }

    @Test
    void itIsBuiltByTheKernelsHeadersWithoutItsSources() {
        Outcome outcome =
                build(scene.patch("fix.patch", "sub/other.c", "two\n")).succeeds();
        outcome.printsAmongOthers(
                "copying " + sources,
                "compiling 1 original object",
                "compiling 1 patched object",
                "oot_thing, sub/other.o:",
                "  changed  two");
        assertTrue(Disk.text(scene.machine.home().resolve("livepatch-fix.ko")).contains("\t\"oot_thing\",\n"));
        assertEquals("one\n", Disk.text(sources.resolve("sub/other.c")));
        assertFalse(Files.exists(sources.resolve("sub/other.o")));
    }

    @Test
    void aPatchOfASourceOfAnotherModuleIsRefused() {
        scene.modules.put("sub/other.o", "oot_second");
        Outcome outcome =
                build(scene.patch("fix.patch", "sub/other.c", "two\n")).endsWith(1);
        assertEquals(
                List.of(
                        "kpatch-build: the patch changes what cannot be patched; the lines below say what and why",
                        "    sub/other.c: is a source of module oot_second, and --oot-module names oot_thing; take a"
                                + " patch for each",
                        "    the log: " + scene.home + "/build.log"),
                outcome.stderr().lines().toList());
        assertFalse(outcome.stdout().contains("compiling"), outcome::toString);
    }

    @Test
    void aPatchOfWhatIsNotAmongItsSourcesIsRefused() {
        build(scene.patch("fix.patch", "include/linux/fs.h", "two\n"))
                .endsWith(1)
                .mentions("is about include/linux/fs.h, which is not in the sources of module oot_thing (" + sources
                        + ")");
    }

    @Test
    void aPatchOfItsMakefileAloneIsRefusedWithWhatItIs() {
        build(scene.patch("fix.patch", "Kbuild", "obj-m := oot-thing.o other.o\n"))
                .endsWith(1)
                .mentions("    Kbuild: tells how the module is built, and that is not followed");
    }
}
