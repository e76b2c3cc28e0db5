// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;

import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import io.github.kpatch.testing.PatchModuleBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What each command is tried at. */
final class FaultScenes {
    static final String VERSION = FakeKernel.VERSION;
    private static final String INITRAMFS = "boot/initrd.img-" + VERSION;

    private FaultScenes() {}

    static List<FaultScene> all() {
        List<FaultScene> all = new ArrayList<>();
        all.addAll(ofTheInstallDb());
        all.addAll(ofTheKernel());
        all.addAll(ofTheBoot());
        all.addAll(thatShow());
        return all;
    }

    private static List<FaultScene> ofTheInstallDb() {
        return List.of(
                new FaultScene("install HOME/kpt_a.ko", hasFile("kpt_a"), isInstalled("kpt_a")),
                new FaultScene(
                        "install HOME/kpt_b.ko",
                        installs("kpt_a").andThen(hasFile("kpt_b")).andThen(FaultScenes::hasUnfinished),
                        isInstalled("kpt_a").and(isInstalled("kpt_b"))),
                new FaultScene(
                        "install --early HOME/kpt_a.ko",
                        hasFile("kpt_a"),
                        isInstalled("kpt_a").and(isInInitramfs("kpt_a"))),
                new FaultScene(
                        "uninstall kpt_a",
                        installs("kpt_a"),
                        isInstalled("kpt_a").negate()),
                new FaultScene(
                        "uninstall kpt_a.ko",
                        installs("kpt_a", "kpt_b").andThen(runs("hold kpt_a")),
                        isInstalled("kpt_a").negate().and(isInstalled("kpt_b"))),
                new FaultScene(
                        "uninstall kpt_a",
                        installs("kpt_a").andThen(FaultScenes::loses),
                        machine -> Files.notExists(record("sha256", "kpt_a", machine))),
                new FaultScene(
                        "uninstall kpt_early",
                        hasFile("kpt_early").andThen(runs("install --early HOME/kpt_early.ko")),
                        isInstalled("kpt_early").or(isInInitramfs("kpt_early")).negate()),
                new FaultScene(
                        "prune --yes",
                        FaultScenes::hasWhatIsToBePruned,
                        isInstalled("kpt_a").negate().and(isInstalled("kpt_new"))),
                new FaultScene("hold kpt_a", installs("kpt_a"), isListed("hold", "kpt_a")),
                new FaultScene(
                        "hold kpt_a",
                        hasFile("kpt_a").andThen(runs("install --early HOME/kpt_a.ko")),
                        isListed("hold", "kpt_a").and(isInInitramfs("kpt_a").negate())),
                new FaultScene(
                        "unhold kpt_a",
                        installs("kpt_a", "kpt_b").andThen(runs("hold kpt_a")).andThen(runs("hold kpt_b")),
                        isListed("hold", "kpt_a").negate().and(isListed("hold", "kpt_b"))),
                new FaultScene(
                        "unhold kpt_a",
                        hasFile("kpt_a")
                                .andThen(runs("install --early HOME/kpt_a.ko"))
                                .andThen(runs("hold kpt_a")),
                        isListed("hold", "kpt_a").negate().and(isInInitramfs("kpt_a"))));
    }

    private static List<FaultScene> ofTheKernel() {
        return List.of(
                new FaultScene("load HOME/kpt_a.ko", hasFile("kpt_a"), isEnabled("kpt_a")),
                new FaultScene("load kpt_a", installs("kpt_a", "kpt_b"), isEnabled("kpt_a")),
                new FaultScene(
                        "load HOME/kpt_new.ko",
                        loads("kpt_a").andThen(hasFile("kpt_new")),
                        isEnabled("kpt_new").and(isEnabled("kpt_a").negate())),
                new FaultScene(
                        "load --no-wait HOME/kpt_a.ko",
                        loads("kpt_b").andThen(hasFile("kpt_a")),
                        isEnabled("kpt_a").and(isEnabled("kpt_b"))),
                new FaultScene(
                        "load kpt_a",
                        loads("kpt_a")
                                .andThen(machine -> machine.kernel().before51().neverReleases())
                                .andThen(runsAnyhow("unload --no-wait kpt_a"))
                                .andThen(FaultScenes::passes),
                        isEnabled("kpt_a")),
                new FaultScene(
                        "load --timeout 0 HOME/kpt_a.ko",
                        machine -> {
                            machine.kernel().stalledBy(77, "sleeper", "kpt_f+0x1/0x2");
                            hasFile("kpt_a").accept(machine);
                        },
                        isEnabled("kpt_a").or(isLoaded("kpt_a").negate())),
                new FaultScene(
                        "unload kpt_a",
                        loads("kpt_a", "kpt_b"),
                        isLoaded("kpt_a").negate()),
                new FaultScene(
                        "unload HOME/kpt_a.ko",
                        loads("kpt_a"),
                        isLoaded("kpt_a").negate()),
                new FaultScene(
                        "unload --all",
                        loads("kpt_a", "kpt_b"),
                        machine -> machine.kernel().loaded().isEmpty()),
                new FaultScene(
                        "wait",
                        loads("kpt_a").andThen(runs("unload --no-wait kpt_a")),
                        isEnabled("kpt_a").negate()),
                new FaultScene(
                        "signal",
                        machine -> {
                            machine.kernel()
                                    .before51()
                                    .stalledBy(77, "sleeper", "kpt_f+0x1/0x2")
                                    .heedsSignals();
                            hasFile("kpt_a")
                                    .andThen(runs("load --no-wait HOME/kpt_a.ko"))
                                    .accept(machine);
                        },
                        machine -> machine.kernel().calls().contains("kpt_a/signal=1")),
                new FaultScene(
                        "force --yes",
                        machine -> {
                            machine.kernel().stalledBy(77, "sleeper", "kpt_f+0x1/0x2");
                            hasFile("kpt_a")
                                    .andThen(runs("load --no-wait HOME/kpt_a.ko"))
                                    .accept(machine);
                        },
                        machine -> machine.kernel().calls().contains("kpt_a/force=1")));
    }

    private static List<FaultScene> ofTheBoot() {
        return List.of(
                new FaultScene(
                        "load --all",
                        installs("kpt_a", "kpt_b", "kpt_held")
                                .andThen(runs("hold kpt_held"))
                                .andThen(FaultScenes::hasUnfinished),
                        isEnabled("kpt_a")
                                .and(isEnabled("kpt_b"))
                                .and(isEnabled("kpt_held").negate())),
                new FaultScene(
                        "load --all --boot",
                        installs("kpt_a", "kpt_b"),
                        isEnabled("kpt_a").and(isEnabled("kpt_b"))),
                new FaultScene(
                        "load --all --boot",
                        installs("kpt_a", "kpt_b").andThen(wentDownWith("kpt_b")),
                        isEnabled("kpt_a").and(isEnabled("kpt_b").negate())),
                new FaultScene(
                        "guard --all-clear",
                        installs("kpt_a", "kpt_b").andThen(runs("load --all --boot")),
                        machine -> Files.notExists(record("guard", "kpt_a", machine))
                                && Files.notExists(record("guard", "kpt_b", machine))));
    }

    private static List<FaultScene> thatShow() {
        Consumer<FakeMachine> both =
                installs("kpt_a", "kpt_b").andThen(runs("load kpt_b")).andThen(runs("load kpt_a"));
        Consumer<FakeMachine> stalls = machine -> {
            machine.kernel().stalledBy(77, "sleeper", "f_kpt_a+0x1/0x2");
            hasFile("kpt_a").andThen(runs("load --no-wait HOME/kpt_a.ko")).accept(machine);
            machine.put("proc/77/comm", "sleeper\n");
            machine.put("proc/77/task/77/status", "State:\tS (sleeping)\n");
        };
        return List.of(
                FaultScene.shows("list", both),
                FaultScene.shows("list --functions --cve", both),
                FaultScene.shows("list", installs("kpt_a", "kpt_b").andThen(wentDownWith("kpt_b"))),
                FaultScene.shows(
                        "status",
                        both.andThen(hasFile("kpt_c"))
                                .andThen(runs("install HOME/kpt_c.ko"))
                                .andThen(runs("hold kpt_c"))),
                FaultScene.shows("status", installs("kpt_a", "kpt_b").andThen(wentDownWith("kpt_b"))),
                FaultScene.shows("status", stalls),
                FaultScene.shows("blocking", stalls),
                FaultScene.shows("info kpt_a", both),
                FaultScene.shows("info kpt_a", loads("kpt_a")),
                FaultScene.shows("info HOME/kpt_a.ko", hasFile("kpt_a")),
                FaultScene.shows("check --running", both),
                FaultScene.shows(
                        "check HOME/kpt_a.ko",
                        loads("kpt_b").andThen(hasFile("kpt_a")).andThen(FaultScenes::showsSymbols)),
                FaultScene.shows("history", installs("kpt_a", "kpt_b")),
                FaultScene.shows("metrics", both),
                FaultScene.shows("report --vex", both),
                FaultScene.shows("prune", FaultScenes::hasWhatIsToBePruned),
                FaultScene.shows("verify", installs("kpt_a", "kpt_b")),
                FaultScene.shows("guard", installs("kpt_a", "kpt_b").andThen(wentDownWith("kpt_b"))));
    }

    /** A machine on which all of them can be. */
    static FakeMachine machine(Path directory) {
        FakeMachine machine = new FakeMachine(directory);
        machine.kernel().transitionsTake(Duration.ofMillis(1));
        machine.put("proc/sys/kernel/random/boot_id", "boot-2");
        machine.put("lib/modules/" + VERSION + "/modules.dep", "");
        machine.put("usr/share/initramfs-tools/hooks/kpatch", "");
        machine.put(INITRAMFS, "");
        machine.path().has("systemctl", 0, "active").has("update-initramfs", 0, "", () -> makeInitramfs(machine));
        return machine;
    }

    /** A module of some name: there is one; the new one replaces the others. */
    static PatchModuleBuilder module(String name) {
        return patchModule(name)
                .replace(name.equals("kpt_new"))
                .patches("vmlinux", "f_" + name)
                .field("srcversion", "0123" + name)
                .field("description", "fixes CVE-2026-" + (1000 + Math.floorMod(name.hashCode(), 1000)));
    }

    /** As {@code early-copy} does it. */
    private static void makeInitramfs(FakeMachine machine) {
        StringBuilder image = new StringBuilder();
        List<String> onHold = marked("hold", machine);
        for (String name : marked("early", machine)) {
            if (!onHold.contains(name) && Files.exists(machine.db(VERSION).resolve(name))) {
                image.append(name).append('\n');
            }
        }
        machine.put(INITRAMFS, image.toString());
    }

    private static Predicate<FakeMachine> isInInitramfs(String name) {
        return machine -> lines(machine.roots().root().resolve(INITRAMFS)).contains(name + ".ko");
    }

    private static Predicate<FakeMachine> isListed(String mark, String name) {
        return machine -> marked(mark, machine).contains(name + ".ko");
    }

    static List<String> marked(String mark, FakeMachine machine) {
        return lines(machine.roots().installDb().resolve(".kpatch/" + mark + "/" + VERSION));
    }

    static Path record(String kind, String name, FakeMachine machine) {
        return machine.roots().installDb().resolve(".kpatch/" + kind + "/" + VERSION + "/" + name + ".ko");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Predicate<FakeMachine> isInstalled(String name) {
        return machine -> isWhole(machine.db(VERSION).resolve(name + ".ko"));
    }

    /** Whether a file is there, and is the module of its name. */
    static boolean isWhole(Path file) {
        try {
            String name = String.valueOf(file.getFileName()).replace(".ko", "");
            return Files.exists(file) && Arrays.equals(module(name).bytes(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Predicate<FakeMachine> isEnabled(String name) {
        return machine -> machine.kernel().enabled().contains(name);
    }

    private static Predicate<FakeMachine> isLoaded(String name) {
        return machine -> machine.kernel().loaded().contains(name);
    }

    private static Consumer<FakeMachine> hasFile(String name) {
        return machine -> machine.file(module(name));
    }

    private static Consumer<FakeMachine> installs(String... names) {
        return machine -> {
            for (String name : names) {
                machine.run("install", machine.file(module(name))).succeeds();
            }
        };
    }

    private static Consumer<FakeMachine> loads(String... names) {
        return machine -> {
            for (String name : names) {
                machine.run("load", machine.file(module(name))).succeeds();
            }
        };
    }

    private static Consumer<FakeMachine> runs(String commandLine) {
        return machine -> run(commandLine, machine).succeeds();
    }

    private static Consumer<FakeMachine> runsAnyhow(String commandLine) {
        return machine -> run(commandLine, machine);
    }

    private static Outcome run(String commandLine, FakeMachine machine) {
        return machine.run(
                FaultScene.shows(commandLine, nothing -> {}).words(machine).toArray());
    }

    private static void passes(FakeMachine machine) {
        machine.time().pass(Duration.ofSeconds(1));
    }

    /** Somebody removes what was installed. */
    private static void loses(FakeMachine machine) {
        try {
            Files.delete(machine.db(VERSION).resolve("kpt_a.ko"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void hasUnfinished(FakeMachine machine) {
        machine.put("var/lib/kpatch/" + VERSION + "/.kpatch-unfinished-kpt_b.ko", "half");
    }

    private static Consumer<FakeMachine> wentDownWith(String name) {
        return machine -> {
            String hash = lines(record("sha256", name, machine)).get(0).substring(0, 64);
            machine.put(
                    "var/lib/kpatch/.kpatch/guard/" + VERSION + "/" + name + ".ko", "LOADING boot-1 " + hash + "\n");
        };
    }

    /** An older module, and one that has taken its place. */
    private static void hasWhatIsToBePruned(FakeMachine machine) {
        installs("kpt_a", "kpt_new").andThen(runs("load kpt_new")).accept(machine);
    }

    private static void showsSymbols(FakeMachine machine) {
        machine.put("proc/kallsyms", "ffffffff81000000 T f_kpt_a\n");
        machine.put("sys/kernel/tracing/available_filter_functions", "f_kpt_a\n");
        machine.put("sys/kernel/tracing/enabled_functions", "");
        machine.put("sys/kernel/debug/kprobes/list", "ffffffff81000000  k  f_kpt_a+0x0\n");
    }
}
