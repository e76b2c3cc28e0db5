// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.testing.FakeBuildProgress;
import io.github.kpatch.testing.FakeTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a make whose objects are their sources and headers, one after the other. */
class ObjectCompilerTest {
    private static final String OBJECT = "fs/proc/meminfo.o";

    private final Path tree;
    private final Path home;
    private final BuildLog log;
    private final FakeTools tools = new FakeTools();
    private final FakeBuildProgress progress = new FakeBuildProgress();

    ObjectCompilerTest(@TempDir Path directory) {
        tree = directory.resolve("tree");
        home = directory.resolve("home");
        log = BuildLog.open(home.resolve("build.log"), line -> {});
        tools.has("make", this::make);
        Disk.write(tree.resolve("fs/proc/meminfo.c"), "source ");
        Disk.write(tree.resolve("fs/proc/internal.h"), "header");
        Disk.write(tree.resolve(".config"), "CONFIG_OBJTOOL=y\n");
    }

    @AfterEach
    void close() {
        log.close();
    }

    private int make(List<String> command, Path where, Consumer<String> line) {
        for (String object :
                command.stream().filter(word -> word.endsWith(".o")).toList()) {
            String source = object.replace(".o", ".c");
            String text = Disk.text(tree.resolve(source));
            if (text.contains("wrong")) {
                line.accept(source + ":1:1: error: wrong");
                return 2;
            }
            Disk.write(tree.resolve(object), text + Disk.text(tree.resolve("fs/proc/internal.h")));
            Disk.write(
                    CommandFile.of(tree.resolve(object)),
                    "cmd_x := gcc -DKBUILD_MODFILE='\"fs/proc/proc\"' ; objtool x\nsource_x := " + source
                            + "\ndeps_x := \\\n  fs/proc/internal.h \\\n");
        }
        return 0;
    }

    private ObjectCompiler compiler(String version) {
        KbuildSettings settings = new KbuildSettings(
                "6.1.0-56-amd64",
                KernelConfig.parse("CONFIG_OBJTOOL=y\n"),
                new Compiler("gcc-12", CompilerVersion.of(version)),
                2,
                home);
        Make make = new Make(tools, log, tree, settings);
        return new ObjectCompiler(make, settings, progress, home.resolve("cache"), "a tree");
    }

    private String compile(String version) {
        return compiler(version).compile(List.of(OBJECT), "original").values().stream()
                .map(compiled -> Disk.text(compiled.object()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anObjectIsCompiledOnceForTheSameContent() {
        assertEquals("source header", compile("12.2"));
        assertEquals("source header", compile("12.2"));
        assertEquals(List.of("compiling 1 original object"), progress.steps);
    }

    @Test
    void whatChangesASourceAHeaderOrTheCompilerCompilesItAnew() {
        compile("12.2");
        Disk.write(tree.resolve("fs/proc/meminfo.c"), "patched ");
        assertEquals("patched header", compile("12.2"));
        Disk.write(tree.resolve("fs/proc/internal.h"), "patched");
        assertEquals("patched patched", compile("12.2"));
        compile("13");
        assertEquals(4, progress.steps.size());
    }

    @Test
    void whatWasPutBackIsFoundAgain() {
        compile("12.2");
        Disk.write(tree.resolve("fs/proc/meminfo.c"), "patched ");
        compile("12.2");
        Disk.write(tree.resolve("fs/proc/meminfo.c"), "source ");
        assertEquals("source header", compile("12.2"));
        assertEquals(2, progress.steps.size());
    }

    @Test
    void noObjectStaysInTheTreeWhereMakeWouldTakeItForThatOfOtherSources() {
        compile("12.2");
        assertFalse(Files.exists(tree.resolve(OBJECT)));
        assertFalse(Files.exists(CommandFile.of(tree.resolve(OBJECT))));
    }

    @Test
    void functionsHaveSectionsOfTheirOwnAndObjtoolRunsForEachObject() {
        compile("12.2");
        String run = tools.runs().get(0);
        assertTrue(run.startsWith("make --no-print-directory -j2 CC=gcc-12 KERNELRELEASE=6.1.0-56-amd64"), run);
        assertTrue(run.contains("KCFLAGS=-ffunction-sections -fdata-sections -I" + home + "/include"), run);
        assertTrue(run.contains(" delay-objtool= objtool-args="), run);
    }

    @Test
    void kconfigFilesThatWerePatchedLeaveTheConfigurationAlone() {
        compile("12.2");
        assertTrue(tools.runs().get(0).contains(" deps_config= "), tools.runs().get(0));
    }

    @Test
    void anErrorIsShownInTheCompilersWordsWithThePathOfTheLog() {
        Disk.write(tree.resolve("fs/proc/meminfo.c"), "wrong ");
        KpatchException failure =
                assertThrows(KpatchException.class, () -> compiler("12.2").compile(List.of(OBJECT), "patched"));
        assertEquals(
                "the patched " + OBJECT + " could not be built; " + home + "/build.log has all that make printed",
                failure.sentence());
        assertEquals(List.of("fs/proc/meminfo.c:1:1: error: wrong"), failure.evidence());
        assertTrue(Disk.text(home.resolve("build.log")).contains("error: wrong"));
    }

    @Test
    void anObjectOutsideOfTheTreeIsRefused() {
        assertThrows(KpatchException.class, () -> compiler("12.2").compile(List.of("../x/a.o"), "original"));
    }
}
