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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreePreparationTest {
    private static final String CONFIG = "CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_VERSION=124\n";

    private final Path tree;
    private final Path home;
    private final Path config;
    private final Path symvers;
    private final BuildLog log;
    private final FakeTools tools = new FakeTools();
    private final FakeBuildProgress progress = new FakeBuildProgress();
    private String configMade = CONFIG;

    TreePreparationTest(@TempDir Path directory) {
        tree = directory.resolve("tree");
        home = directory.resolve("home");
        config = directory.resolve("config");
        symvers = directory.resolve("Module.symvers");
        Disk.write(config, CONFIG);
        Disk.write(symvers, "0x1\tprintk\tvmlinux\tEXPORT_SYMBOL\n");
        log = BuildLog.open(home.resolve("build.log"), line -> {});
        tools.has("make", this::make);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private int make(List<String> command, Path where, Consumer<String> line) {
        if (command.contains("olddefconfig")) {
            Disk.write(where.resolve(".config"), configMade);
        }
        return 0;
    }

    private void prepare(boolean tolerant) {
        KbuildSettings settings = new KbuildSettings(
                "6.1.0-56-amd64",
                KernelConfig.parse(Disk.text(config)),
                new Compiler("gcc-12", CompilerVersion.of("12.2")),
                2,
                home);
        new TreePreparation(new Make(tools, log, tree, settings), settings, progress)
                .prepare(config, symvers, tolerant);
    }

    @Test
    void aTreeIsPreparedOnceForAConfiguration() {
        prepare(false);
        prepare(false);
        assertEquals(2, tools.runs().size(), tools.runs()::toString);
        assertTrue(tools.runs().get(1).endsWith("prepare modules_prepare"));
        Disk.write(config, CONFIG + "CONFIG_HZ=100\n");
        configMade = CONFIG + "CONFIG_HZ=100\n";
        prepare(false);
        assertEquals(4, tools.runs().size());
    }

    @Test
    void ourHeadersStayAsOldAsTheyAreWhereMakeWouldTakeAllObjectsForOlder() throws IOException {
        prepare(false);
        Path header = home.resolve("include/kpatch-runtime-const.h");
        FileTime before = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(header, before);
        prepare(false);
        assertEquals(before, Files.getLastModifiedTime(header));
        Disk.write(header, "of an earlier version");
        prepare(false);
        assertTrue(Disk.text(header).length() > "of an earlier version".length());
    }

    @Test
    void aPreparationThatFailedIsDoneAnew() {
        tools.has("make", 2, "make: *** No rule to make target 'olddefconfig'.  Stop.");
        assertThrows(KpatchException.class, () -> prepare(false));
        tools.has("make", this::make);
        prepare(false);
        assertEquals(2, progress.steps.size());
    }

    @Test
    void whatWasGeneratedFromPatchedSourcesIsMadeAnew() {
        prepare(false);
        List<String> generated =
                List.of("kernel/bounds.s", "kernel/sched/rq-offsets.s", "arch/x86/kernel/asm-offsets.s");
        generated.forEach(file -> Disk.write(tree.resolve(file), "patched"));
        TreePreparation.distrust(tree, home);
        generated.forEach(file -> assertFalse(Files.exists(tree.resolve(file)), file));
        prepare(false);
        assertEquals(2, progress.steps.size());
    }

    @Test
    void theChecksumsOfTheKernelsExportsAreInTheTree() {
        prepare(false);
        assertEquals(Disk.text(symvers), Disk.text(tree.resolve("Module.symvers")));
    }

    @Test
    void aConfigurationThatTheToolsHereCannotGiveIsRefused() {
        configMade = "# CONFIG_DEBUG_INFO_BTF is not set\n";
        KpatchException refusal = assertThrows(KpatchException.class, () -> prepare(false));
        assertEquals(List.of("CONFIG_DEBUG_INFO_BTF=y is not set"), refusal.evidence());
        prepare(true);
        assertEquals(1, progress.warnings.size());
    }

    @Test
    void kbuildIsToldOfWhatStandsForPahole() {
        prepare(false);
        assertTrue(Files.isExecutable(home.resolve("pahole")));
        assertTrue(tools.runs().get(0).contains(" PAHOLE=" + home.resolve("pahole") + " "));
    }

    @Test
    void authorsFindTheirHeader() {
        prepare(false);
        assertTrue(Disk.text(home.resolve("include/kpatch-macros.h")).contains("KPATCH_PRE_PATCH_CALLBACK"));
    }
}
