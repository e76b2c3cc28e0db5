// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The tasks that /proc shows, and how each stands in a running transition (Documentation/livepatch/livepatch.rst,
 * patch_state). The idle tasks take part as well, and are not in /proc.
 */
public final class Tasks {
    /** PID_MAX_LIMIT, include/linux/threads.h, has seven. */
    private static final int MOST_DIGITS = 7;

    private final Roots roots;

    public Tasks(Roots roots) {
        this.roots = roots;
    }

    /** How many tasks have yet to switch in a transition towards {@code enabled}. */
    public int countUnswitched(boolean enabled) {
        return unswitched(enabled).size();
    }

    /** The tasks that have yet to switch in a transition towards {@code enabled}, with their stacks. */
    public List<StalledTask> stalled(boolean enabled) {
        List<StalledTask> stalled = new ArrayList<>();
        for (Path task : unswitched(enabled)) {
            Optional<String> name = KernelFiles.read(task.resolve("comm"));
            if (name.isPresent()) {
                stalled.add(new StalledTask(
                        number(task.getName(task.getNameCount() - 3)),
                        number(task.getFileName()),
                        name.get(),
                        frames(KernelFiles.lines(KernelFiles.readIfPermitted(task.resolve("stack"))
                                .orElse("")))));
            }
        }
        return stalled;
    }

    /** Lines such as {@code [<0>] kpt_sleep+0x21/0x40 [kpt_target]}, without the place of an address at their start. */
    private static List<String> frames(List<String> lines) {
        List<String> frames = new ArrayList<>(lines.size());
        for (String line : lines) {
            int end = line.startsWith("[<") ? line.indexOf("] ") : -1;
            frames.add(end < 0 ? line : line.substring(end + 2));
        }
        return frames;
    }

    /** The state in words, from a line {@code State: S (sleeping)} of proc_pid_status(5). */
    private static Optional<String> state(String line) {
        int start = line.startsWith("State:") ? line.indexOf('(') : -1;
        return start >= 0 && line.endsWith(")")
                ? Optional.of(line.substring(start + 1, line.length() - 1))
                : Optional.empty();
    }

    private List<Path> unswitched(boolean enabled) {
        String stale = enabled ? "0" : "1";
        List<Path> tasks = new ArrayList<>();
        for (String pid : numbers(roots.proc())) {
            Path threads = roots.proc().resolve(pid).resolve("task");
            for (String tid : numbers(threads)) {
                Path task = threads.resolve(tid);
                if (KernelFiles.read(task.resolve("patch_state")).equals(Optional.of(stale))) {
                    tasks.add(task);
                }
            }
        }
        return tasks;
    }

    /** The name of a process; empty where that is gone. */
    public String processName(int pid) {
        return KernelFiles.read(process(pid).resolve("comm")).orElse("");
    }

    /** What a task does, in the kernel's word: {@code running}, {@code sleeping}, {@code disk sleep}… */
    public Optional<String> state(StalledTask task) {
        return KernelFiles.lines(thread(task).resolve("status")).stream()
                .flatMap(line -> state(line).stream())
                .findFirst();
    }

    /** The function that a task sleeps in, where the kernel tells. */
    public Optional<String> waitChannel(StalledTask task) {
        return KernelFiles.readIfPermitted(thread(task).resolve("wchan")).filter(function -> !function.equals("0"));
    }

    private Path thread(StalledTask task) {
        return process(task.pid()).resolve("task").resolve(Integer.toString(task.tid()));
    }

    private Path process(int pid) {
        return roots.proc().resolve(Integer.toString(pid));
    }

    /** The directories that have a number for a name, in its order. */
    private static List<String> numbers(Path directory) {
        List<String> numbers = new ArrayList<>();
        for (String name : KernelFiles.directories(directory)) {
            if (isNumber(name)) {
                numbers.add(name);
            }
        }
        numbers.sort(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
        return numbers;
    }

    private static boolean isNumber(String name) {
        return name.length() <= MOST_DIGITS && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static int number(Path name) {
        return Integer.parseInt(String.valueOf(name));
    }
}
