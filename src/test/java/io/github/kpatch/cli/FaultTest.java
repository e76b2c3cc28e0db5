// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import io.github.kpatch.testing.fault.Fault;
import io.github.kpatch.testing.fault.FaultyMachine;
import io.github.kpatch.testing.fault.Steps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Fails each step of each command once, in each way, and ends the process at each: nothing is lost, nothing untrue. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultTest {
    /** A command line, and what befalls which of its steps. */
    private record Case(FaultScene scene, int step, String what, Fault fault, Outcome unharmed) {
        @Override
        public String toString() {
            return scene.commandLine() + ", " + fault + " at step " + step + " (" + what + ")";
        }
    }

    @TempDir(factory = InMemory.class)
    private Path directory = Path.of("");

    /** A directory in memory, where there is such: thousands of machines are made. */
    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "kpatch-faults")
                    : Files.createTempDirectory("kpatch-faults");
        }
    }

    private final AtomicInteger cases = new AtomicInteger();
    private final AtomicInteger directories = new AtomicInteger();

    @Test
    void everyCommandIsTried() {
        Set<String> verbs = new TreeSet<>();
        FaultScenes.all().forEach(scene -> verbs.add(scene.verb()));
        assertEquals(Stream.of(Verb.values()).map(Verb::text).collect(Collectors.toCollection(TreeSet::new)), verbs);
    }

    @TestFactory
    Stream<DynamicTest> afterEveryFaultAllIsWholeAndWhatIsSaidIsTrue() {
        return FaultScenes.all().stream()
                .map(scene -> DynamicTest.dynamicTest(scene.commandLine(), () -> {
                    List<Case> all = cases(scene);
                    cases.addAndGet(all.size());
                    List<String> wrong =
                            all.parallelStream().flatMap(this::wrong).toList();
                    assertTrue(
                            wrong.isEmpty(),
                            () -> wrong.size() + " of " + all.size() + ":\n" + String.join("\n", wrong));
                }));
    }

    /** That keeps nothing from being reverted. */
    @Test
    void aStalledLoadIsRevertedAlsoWhereItsTasksCannotBeLookedAt() throws IOException {
        FakeMachine machine = FaultScenes.machine(directory.resolve("stalled"));
        machine.kernel().stalledBy(77, "sleeper");
        List<String> load = List.of(
                "load",
                "--timeout",
                "0",
                machine.file(FaultScenes.module("kpt_a")).toString());
        Steps steps = Steps.failingAt("open " + machine.roots().proc().resolve("77/task"), Fault.EIO);
        new FaultyMachine(machine, steps)
                .run(load)
                .endsWith(6)
                .mentions("kpt_a: the transition stalled", "the stalled tasks could not be looked at");
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @AfterAll
    void tellHowMany() {
        System.out.println(cases + " cases of a command and a fault");
        assertTrue(cases.get() > 15_000, () -> cases + " cases");
    }

    private List<Case> cases(FaultScene scene) throws IOException {
        FakeMachine machine = machine(scene);
        Steps steps = Steps.unharmed();
        Outcome unharmed = run(scene, machine, steps);
        assertTrue(scene.done().test(machine), unharmed::toString);
        List<Case> cases = new ArrayList<>();
        for (int step = 0; step < steps.taken().size(); step++) {
            String what = steps.taken()
                    .get(step)
                    .replace(machine.home().resolveSibling("root").toString(), "");
            for (Fault fault : Fault.values()) {
                if (fault != Fault.KILL || scene.changes()) {
                    cases.add(new Case(scene, step, what, fault, unharmed));
                }
            }
        }
        return cases;
    }

    /** What is printed, whichever the machine's directory. */
    private static Outcome run(FaultScene scene, FakeMachine machine, Steps steps) throws IOException {
        Outcome outcome = new FaultyMachine(machine, steps).run(scene.words(machine));
        String root = machine.roots().root().toString();
        return new Outcome(outcome.stdout().replace(root, ""), outcome.stderr().replace(root, ""), outcome.status());
    }

    private FakeMachine machine(FaultScene scene) {
        FakeMachine machine = FaultScenes.machine(directory.resolve(Integer.toString(directories.incrementAndGet())));
        scene.before().accept(machine);
        return machine;
    }

    /** What is wrong after a fault. */
    private Stream<String> wrong(Case each) {
        FakeMachine machine = machine(each.scene());
        List<String> wrong = new ArrayList<>();
        try {
            Outcome outcome = run(each.scene(), machine, Steps.failing(each.step(), each.fault()));
            if (each.scene().changes()) {
                checkChange(each, outcome, machine, wrong);
            } else {
                checkShown(each, outcome, wrong);
            }
            return wrong.stream().map(text -> each + ": " + text + "\n" + outcome);
        } catch (IOException | RuntimeException | AssertionError e) {
            return Stream.of(each + ": " + e);
        } finally {
            machine.remove();
        }
    }

    private static void checkChange(Case each, Outcome outcome, FakeMachine machine, List<String> wrong)
            throws IOException {
        if (outcome.status() != FaultyMachine.KILLED) {
            checkSentences(outcome, wrong);
        }
        if (outcome.status() == 0 && !each.scene().done().test(machine)) {
            wrong.add("says that it is done, and it is not");
        }
        checkDb(machine, wrong);
        checkList(machine, wrong);
        machine.time().pass(Duration.ofSeconds(1));
        Outcome again = machine.run(each.scene().words(machine).toArray());
        if (!each.scene().done().test(machine) && !outcome.stderr().contains("still in the initramfs")) {
            wrong.add("run again, it does not come to what was asked for: " + again);
        }
        checkDb(machine, wrong);
    }

    /** What is shown is what is shown without a fault, or less of it and a failure. */
    private static void checkShown(Case each, Outcome outcome, List<String> wrong) {
        Outcome unharmed = each.unharmed();
        if (outcome.status() == unharmed.status()) {
            if (outcome.equals(unharmed)) {
                return;
            }
            if (!isOptional(each.what()) || !outcome.stderr().equals(unharmed.stderr())) {
                wrong.add("shows something else than without the fault");
            }
        } else {
            checkSentences(outcome, wrong);
        }
        List<String> untrue = new ArrayList<>(outcome.stdout().lines().toList());
        untrue.removeAll(unharmed.stdout().lines().toList());
        untrue.removeIf(line -> line.startsWith("  skip ") || line.startsWith("it can be loaded; "));
        if (!untrue.isEmpty()) {
            wrong.add("shows what is not so: " + untrue);
        }
    }

    /** Where it cannot be had, this is left out, or a check is said to be skipped. */
    private static boolean isOptional(String step) {
        return Stream.of("systemctl", "/stack", "/sys/kernel/tracing/", "/sys/kernel/debug/")
                .anyMatch(step::contains);
    }

    private static void checkSentences(Outcome outcome, List<String> wrong) {
        boolean failed = outcome.status() != 0;
        if (failed && !outcome.stderr().contains("kpatch: ")) {
            wrong.add("fails without a word");
        }
        for (String unfit : List.of("internal error", "xception", "null", "java.")) {
            if (outcome.stderr().contains(unfit) || outcome.stdout().contains(unfit)) {
                wrong.add("speaks of '" + unfit + "'");
            }
        }
    }

    /** Every file is whole, nothing is on record for a file that is not there, or that is another one. */
    private static void checkDb(FakeMachine machine, List<String> wrong) throws IOException {
        List<String> installed = installed(machine);
        for (String name : installed) {
            if (!FaultScenes.isWhole(machine.db(FaultScenes.VERSION).resolve(name))) {
                wrong.add(name + " is not whole");
            }
        }
        List<String> early = new ArrayList<>(FaultScenes.marked("early", machine));
        early.removeAll(installed);
        if (!early.isEmpty()) { // one that is on hold and gone keeps nothing from being loaded
            wrong.add("not there, and to be loaded early: " + early);
        }
        for (String name : installed) {
            Path record = FaultScenes.record("sha256", name.replace(".ko", ""), machine);
            if (Files.exists(record) && !Files.readString(record).equals(sha256(name))) {
                wrong.add(name + " is not what is on record");
            }
        }
    }

    private static String sha256(String name) {
        try {
            byte[] content = FaultScenes.module(name.replace(".ko", "")).bytes();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)) + "  " + name + "\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkList(FakeMachine machine, List<String> wrong) throws IOException {
        Outcome list = machine.run("list");
        String[] paragraphs = list.stdout().split("\n\n", -1);
        List<String> enabled = paragraphs[0]
                .lines()
                .filter(line -> line.endsWith(" [enabled]") || line.endsWith(" [enabling...]"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .sorted()
                .toList();
        List<String> installed = paragraphs[1]
                .lines()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(' ')) + ".ko")
                .toList();
        if (!enabled.equals(machine.kernel().enabled().stream().sorted().toList())
                || !installed.equals(installed(machine))) {
            wrong.add("is not what list says: " + list);
        }
    }

    private static List<String> installed(FakeMachine machine) throws IOException {
        Path db = machine.db(FaultScenes.VERSION);
        if (Files.notExists(db)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(db)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
