// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.dist;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many processes of the program at once, on one install DB. */
class CrowdIT {
    private static final Path PROGRAM = Path.of("target", "kpatch", "sbin", "kpatch");
    private static final int AT_ONCE = 12;
    private static final int STAY = 10;
    private static final int GO = 40;
    private static final int COME = 60;
    private static final int SAME = 20;
    private static final int LISTS = 50;
    private static final int VERIFICATIONS = 30;

    @TempDir
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private FakeMachine machine;

    @BeforeEach
    void installSome() {
        machine = new FakeMachine(directory);
        for (int i = 0; i < STAY; i++) {
            install("kpt_stay_" + i);
        }
        for (int i = 0; i < GO; i++) {
            install("kpt_go_" + i);
        }
    }

    private void install(String name) {
        machine.run("install", machine.file(patchModule(name))).endsWith(0);
    }

    /** How a process ended. */
    private record Ended(List<String> command, int status, String output) {}

    @Test
    void ofTwoHundredAtOnceEachDoesItsWorkAndNothingIsLostOrTorn() throws Exception {
        List<List<String>> commands = commands();
        assertEquals(200, commands.size());
        ExecutorService crowd = Executors.newFixedThreadPool(AT_ONCE);
        List<Callable<Ended>> processes = new ArrayList<>();
        commands.forEach(command -> processes.add(() -> run(command)));
        try {
            for (Future<Ended> future : crowd.invokeAll(processes, 5, TimeUnit.MINUTES)) {
                Ended ended = future.get();
                assertEquals(0, ended.status(), ended::toString);
                if (ended.command().contains("list")) {
                    assertListed(ended);
                }
            }
        } finally {
            crowd.shutdownNow();
        }
        assertInstalled();
    }

    private List<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        for (int i = 0; i < GO; i++) {
            commands.add(List.of("uninstall", "kpt_go_" + i));
        }
        for (int i = 0; i < COME; i++) {
            commands.add(List.of(
                    "install", machine.file(patchModule("kpt_come_" + i)).toString()));
        }
        String same = machine.file(patchModule("kpt_same")).toString();
        commands.addAll(Collections.nCopies(SAME, List.of("install", same)));
        commands.addAll(Collections.nCopies(LISTS, List.of("list")));
        commands.addAll(Collections.nCopies(VERIFICATIONS, List.of("verify")));
        Collections.shuffle(commands, new Random(1));
        return commands;
    }

    private Ended run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString()).redirectErrorStream(true);
        builder.command().addAll(command);
        builder.environment().clear();
        builder.environment()
                .put("KPATCH_JAVA_OPTIONS", "-Dkpatch.root=" + machine.roots().root());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(command, process.waitFor(), output);
    }

    private static void assertListed(Ended list) {
        List<String> lines = list.output().lines().toList();
        for (int i = 0; i < STAY; i++) {
            assertTrue(lines.contains("kpt_stay_" + i + " (" + FakeKernel.VERSION + ")"), list::toString);
        }
    }

    private void assertInstalled() throws IOException {
        Set<String> expected = new TreeSet<>(List.of("kpt_same.ko"));
        for (int i = 0; i < STAY; i++) {
            expected.add("kpt_stay_" + i + ".ko");
        }
        for (int i = 0; i < COME; i++) {
            expected.add("kpt_come_" + i + ".ko");
        }
        assertEquals(expected, names(machine.db(FakeKernel.VERSION)));
        assertEquals(expected, names(machine.roots().installDb().resolve(".kpatch/sha256/" + FakeKernel.VERSION)));
        for (String name : expected) {
            assertArrayEquals(
                    Files.readAllBytes(machine.home().resolve(name)),
                    Files.readAllBytes(machine.db(FakeKernel.VERSION).resolve(name)));
        }
        machine.run("verify").succeeds();
    }

    private static Set<String> names(Path directory) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        }
        return names;
    }
}
