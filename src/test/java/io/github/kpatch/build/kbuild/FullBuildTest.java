// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.kbuild.FullBuild.Changed;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.testing.FakeBuildProgress;
import io.github.kpatch.testing.FakeKbuild;
import io.github.kpatch.testing.FakeTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullBuildTest {
    private static final String OBJECT = "fs/proc/meminfo.o";

    private final Path home;
    private final Path tree;
    private final Path saved;
    private final BuildLog log;
    private final FakeTools tools = new FakeTools();
    private final FakeKbuild kbuild = new FakeKbuild();
    /** What make does beside that. */
    private Runnable otherwise = () -> {};

    FullBuildTest(@TempDir Path directory) throws IOException {
        home = directory.resolve("full");
        tree = home.resolve("tree");
        saved = directory.resolve("saved");
        log = BuildLog.open(directory.resolve("build.log"), line -> {});
        tools.has("make", this::make);
        put("fs/proc/meminfo.c", "one");
        put("fs/proc/internal.h", "header");
        put("fs/proc/version.c", "two");
        put("ipc/msg.c", "// module msg\nthree");
        put("Makefile", "VERSION = 6");
    }

    @AfterEach
    void close() {
        log.close();
    }

    private void put(String name, String text) throws IOException {
        Disk.write(tree.resolve(name), text);
        kbuild.tick(tree.resolve(name));
    }

    private int make(List<String> command, Path where, Consumer<String> line) {
        String goal = command.get(command.size() - 1);
        if (goal.equals("olddefconfig")) {
            return 0;
        }
        otherwise.run();
        return kbuild.make(where, goal, line);
    }

    private FullBuild build(String... targets) {
        KbuildSettings settings = new KbuildSettings(
                "6.1.0-56-amd64", KernelConfig.parse(""), new Compiler("gcc-12", CompilerVersion.of("12.2")), 2, home);
        return new FullBuild(new Make(tools, log, tree, settings), settings, new FakeBuildProgress(), List.of(targets));
    }

    /** Builds with a file that has another text for that long, and gives what make compiled then. */
    private List<Changed> changes(FullBuild build, String name, String text) throws IOException {
        build.original();
        Path file = tree.resolve(name);
        boolean there = Files.exists(file);
        if (there) {
            Files.copy(file, saved, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
        }
        put(name, text);
        kbuild.compiled.clear();
        try {
            return build.patched();
        } finally {
            if (there) {
                Files.copy(saved, file, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(file);
            }
        }
    }

    @Test
    void theObjectsThatThePatchChangesAreThereInBothVersions() throws IOException {
        List<Changed> changed = changes(build(), "fs/proc/meminfo.c", "ONE");
        assertEquals(List.of(OBJECT), changed.stream().map(Changed::path).toList());
        assertEquals("oneheader", Disk.text(changed.get(0).original().orElseThrow()));
        assertEquals("ONEheader", Disk.text(changed.get(0).patched()));
        assertEquals(Optional.empty(), changed.get(0).module());
    }

    @Test
    void anObjectThatIsMadeAnewAndIsTheSameIsNoneOfThem() throws IOException {
        List<Changed> changed = changes(build(), "fs/proc/internal.h", "header");
        assertEquals(List.of(OBJECT, "fs/proc/version.o"), kbuild.compiled);
        assertEquals(List.of(), changed);
    }

    @Test
    void theModuleIsThatOfTheOriginal() throws IOException {
        FullBuild build = build();
        List<Changed> changed = changes(build, "ipc/msg.c", "// module other\nTHREE");
        assertEquals(Optional.of("msg"), changed.get(0).module());
        assertEquals(Optional.of("other"), changed.get(0).command().module());
        assertTrue(build.hasModule("msg"));
        assertFalse(build.hasModule("other"));
    }

    @Test
    void anObjectThatIsNewHasNoOriginal() throws IOException {
        List<Changed> changed = changes(build(), "fs/proc/new.c", "new");
        assertEquals(
                List.of("fs/proc/new.o"), changed.stream().map(Changed::path).toList());
        assertEquals(Optional.empty(), changed.get(0).original());
    }

    @Test
    void theOriginalIsBuiltOnceAndWhatWasMadeOfThePatchedOneIsMadeAgain() throws IOException {
        FullBuild first = build();
        changes(first, "fs/proc/meminfo.c", "ONE");
        first.takeBack();
        assertFalse(Files.exists(tree.resolve(OBJECT)));
        kbuild.compiled.clear();
        build().original();
        assertEquals(List.of(OBJECT), kbuild.compiled);
        assertEquals("oneheader", Disk.text(tree.resolve(OBJECT)));
    }

    @Test
    void whatAKilledBuildMadeOfPatchedSourcesIsRemovedByTheNext() throws IOException {
        changes(build(), "fs/proc/new.c", "new");
        put("include/generated/bounds.h", "patched");
        Disk.write(tree.resolve("fs/proc/new.o"), "new, left behind");
        FullBuild.takeBack(home);
        assertFalse(Files.exists(tree.resolve("fs/proc/new.o")));
        assertFalse(Files.exists(tree.resolve("include/generated/bounds.h")));
        assertEquals("one", Disk.text(tree.resolve("fs/proc/meminfo.c")));
        Disk.write(tree.resolve("fs/proc/base.c"), "newer sources");
        FullBuild.takeBack(home);
        assertTrue(Files.exists(tree.resolve("fs/proc/base.c")));
    }

    @Test
    void theConfigurationIsPutBackWithItsTimes() throws IOException {
        put(".config", "CONFIG_A=y");
        put("include/config/auto.conf", "CONFIG_A=y");
        FileTime time = Files.getLastModifiedTime(tree.resolve("include/config/auto.conf"));
        FullBuild build = build();
        build.original();
        put("include/config/auto.conf", "CONFIG_A=y, CONFIG_B=y");
        put("include/config/B", "");
        put("include/generated/rustc_cfg", "new");
        build.takeBack();
        assertEquals("CONFIG_A=y", Disk.text(tree.resolve("include/config/auto.conf")));
        assertEquals(time, Files.getLastModifiedTime(tree.resolve("include/config/auto.conf")));
        assertFalse(Files.exists(tree.resolve("include/config/B")));
        assertFalse(Files.exists(tree.resolve("include/generated/rustc_cfg")));
    }

    @Test
    void whatIsTakenBackInTwoGoesIsThereAllTheSame() throws IOException {
        put(".config", "CONFIG_A=y");
        build().original();
        Disk.remove(tree.resolve(".config")); // as the first go, of another one, did before it was killed
        FullBuild.takeBack(home);
        assertEquals("CONFIG_A=y", Disk.text(tree.resolve(".config")));

        build().original();
        Disk.write(home.resolve("source"), "a package");
        Disk.remove(tree.resolve("Makefile"));
        FullBuild.takeBack(home);
        assertFalse(Files.exists(home.resolve("source")));
    }

    @Test
    void aNameOfTwoLinesIsKept() throws IOException {
        put("a\nb", "text");
        put("2 2 c\n3 3 d", "text");
        changes(build(), "fs/proc/new.c", "new");
        FullBuild.takeBack(home);
        assertTrue(Files.exists(tree.resolve("a\nb")));
        assertTrue(Files.exists(tree.resolve("2 2 c\n3 3 d")));
    }

    @Test
    void aRecordOfTheTreeThatIsDamagedIsTold() {
        build().original();
        Disk.write(home.resolve("unpatched"), "Makefile");
        KpatchException failure = assertThrows(KpatchException.class, () -> FullBuild.takeBack(home));
        assertTrue(failure.sentence().contains("is damaged"), failure.sentence());
    }

    @Test
    void objectsThatJoinOthersAndThoseOfProgramsOfTheBuildAreNoneOfThem() throws IOException {
        put("fs/.built.o.cmd", "cmd_fs/built.o := ld -r -o fs/built.o\n");
        put("lib/.gen.o.cmd", "cmd_lib/gen.o := gcc -c\nsource_lib/gen.o := lib/gen.c\n");
        put("scripts/mod/.modpost.o.cmd", "cmd_x := gcc -D__KERNEL__ -c\nsource_x := scripts/mod/modpost.c\n");
        otherwise = () -> List.of("fs/built.o", "lib/gen.o", "scripts/mod/modpost.o", "fs/x.mod.o")
                .forEach(name -> Disk.write(tree.resolve(name), "made by run " + kbuild.compiled));
        List<Changed> changed = changes(build(), "fs/proc/meminfo.c", "ONE");
        assertEquals(List.of(OBJECT), changed.stream().map(Changed::path).toList());
    }

    @Test
    void anObjectThatIsWrittenOverIsNotTakenForUnchanged() throws IOException {
        FullBuild build = build();
        build.original();
        otherwise = () -> Disk.with(tree, "", () -> {
            Files.writeString(tree.resolve(OBJECT), "written over");
            kbuild.tick(tree.resolve(OBJECT));
            return true;
        });
        KpatchException failure = assertThrows(KpatchException.class, build::patched);
        assertTrue(failure.sentence().contains(OBJECT + ": was written over"), failure.sentence());
    }

    @Test
    void theTreeIsUnpackedAnewIfItIsAnotherOne() throws IOException {
        build().original();
        Disk.write(home.resolve("source"), "a package");
        kbuild.tick(tree.resolve("Makefile"));
        FullBuild.takeBack(home);
        assertFalse(Files.exists(home.resolve("source")));
    }

    @Test
    void onlyTheTargetsAreMade() throws IOException {
        for (String target : List.of("ipc/", "ipc")) {
            FullBuild build = build(target);
            assertEquals(List.of(), changes(build, "fs/proc/meminfo.c", "ONE"));
            assertFalse(Files.exists(tree.resolve(OBJECT)));
            assertTrue(Files.exists(tree.resolve("ipc/msg.o")));
            assertTrue(build.leavesOut(OBJECT));
            assertFalse(build.leavesOut("ipc/msg.o"));
            Disk.remove(tree.resolve("ipc/msg.o"));
        }
        assertFalse(build().leavesOut(OBJECT));
    }

    @Test
    void functionsHaveSectionsOfTheirOwnAndNothingIsLinked() {
        build().original();
        String run = tools.runs().get(0);
        assertTrue(run.contains("KCFLAGS=-ffunction-sections -fdata-sections "), run);
        assertTrue(run.contains(" CONFIG_DEBUG_INFO= "), run);
        assertFalse(run.contains("deps_config="), run);
        assertTrue(run.endsWith(" KBUILD_BUILTIN=y KBUILD_MODULES=y ."), run);
    }

    @Test
    void theKernelAndItsModulesAreTargetsOfWhichOnlyTheObjectsAreMade() {
        assertEquals(List.of(List.of("KBUILD_BUILTIN=y", "KBUILD_MODULES=", ".")), calls("vmlinux"));
        assertEquals(List.of(List.of("KBUILD_BUILTIN=", "KBUILD_MODULES=y", ".")), calls("modules"));
        assertEquals(calls(), calls("vmlinux", "modules"));
        assertEquals(calls(), calls("all"));
        assertEquals(List.of(List.of("ipc/", "fs/binfmt_misc.o")), calls("ipc/", "fs/binfmt_misc.ko"));
        assertEquals(2, calls("modules", "ipc/").size());
    }

    private static List<List<String>> calls(String... targets) {
        return new FullTargets(List.of(targets)).calls();
    }
}
