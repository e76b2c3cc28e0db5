// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchState;
import io.github.kpatch.kernel.StalledTask;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.module.PatchedFunction;
import io.github.kpatch.module.PatchedObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which tasks hold up the running transition, and by what. */
public final class ShowBlocking {
    private final Host host;

    public ShowBlocking(Host host) {
        this.host = host;
    }

    /**
     * A frame of a kernel stack.
     *
     * @param text the frame as the kernel writes it
     * @param why what keeps a task with this frame from switching, where it may be this one
     */
    public record Frame(String text, Optional<String> why) {}

    /**
     * A task.
     *
     * @param state what it does, in the kernel's word
     * @param waitChannel the function that it sleeps in, where the kernel tells
     * @param frames its stack from the innermost function on
     */
    public record Task(int tid, String name, Optional<String> state, Optional<String> waitChannel, List<Frame> frames) {
        public Task {
            frames = List.copyOf(frames);
        }
    }

    /** A process with the tasks of it that have yet to switch. */
    public record ProcessTasks(int pid, String name, List<Task> tasks) {
        public ProcessTasks {
            tasks = List.copyOf(tasks);
        }
    }

    /** A transition, and what it waits for. */
    public record Blocking(LoadedPatch patch, List<ProcessTasks> processes) {
        public Blocking {
            processes = List.copyOf(processes);
        }
    }

    /** Empty where no transition is running. */
    public Optional<Blocking> read() {
        if (host.machine().userId() != 0) {
            throw new KpatchException(
                    Failure.NOT_PERMITTED, "blocking: the stacks of tasks are for root to see", "run kpatch as root");
        }
        Optional<PatchInterface> patches = host.patchInterface();
        Optional<LoadedPatch> patch = patches.flatMap(PatchInterface::inTransition);
        return patch.map(p -> new Blocking(p, processes(p, patches.orElseThrow())));
    }

    private List<ProcessTasks> processes(LoadedPatch patch, PatchInterface patches) {
        Causes causes = new Causes(patch, patches);
        Map<Integer, List<Task>> tasks = new LinkedHashMap<>();
        for (StalledTask task : host.tasks().stalled(patch.state() == PatchState.ENABLING)) {
            List<Frame> frames =
                    task.stack().stream().map(f -> new Frame(f, causes.of(f))).toList();
            tasks.computeIfAbsent(task.pid(), pid -> new ArrayList<>())
                    .add(new Task(
                            task.tid(),
                            task.name(),
                            host.tasks().state(task),
                            host.tasks().waitChannel(task),
                            frames));
        }
        List<ProcessTasks> processes = new ArrayList<>();
        tasks.forEach(
                (pid, its) -> processes.add(new ProcessTasks(pid, host.tasks().processName(pid), its)));
        return processes;
    }

    /**
     * What a task must not be in to switch: on the way in the functions as they are before, which are the kernel's own
     * or those of another patch module; on the way out those of this one (Documentation/livepatch/livepatch.rst,
     * "Consistency model").
     */
    private static final class Causes {
        private final LoadedPatch patch;
        private final Set<String> functions = new HashSet<>();
        private final Set<String> modules = new HashSet<>();

        Causes(LoadedPatch patch, PatchInterface patches) {
            this.patch = patch;
            if (patch.state() == PatchState.ENABLING) {
                for (LoadedObject object : patches.objects(patch.name())) {
                    for (PatchedFunction function : object.functions()) {
                        functions.add(symbol(object, function));
                    }
                }
                for (ModuleName other : patches.names()) {
                    if (!other.equals(patch.name()) && isPatchedBy(patches.objects(other))) {
                        modules.add(other.toString());
                    }
                }
            } else {
                modules.add(patch.name().toString());
            }
        }

        /** Whether another patch module patches one of these functions: its version of it is what is in use. */
        private boolean isPatchedBy(List<LoadedObject> objects) {
            for (LoadedObject object : objects) {
                for (PatchedFunction function : object.functions()) {
                    if (functions.contains(symbol(object, function))) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** As a frame has it, without the offset. */
        private static String symbol(LoadedObject object, PatchedFunction function) {
            return object.name().equals(PatchedObject.KERNEL)
                    ? function.name()
                    : function.name() + " [" + object.name() + "]";
        }

        /** Of a frame such as {@code kpt_sleep+0x21/0x40 [kpt_target]}. */
        Optional<String> of(String frame) {
            int offset = frame.indexOf('+');
            int module = frame.indexOf(" [");
            String function = offset < 0 ? frame : frame.substring(0, offset);
            if (functions.contains(module < 0 ? function : function + frame.substring(module))) {
                return Optional.of("is patched by " + patch.name());
            }
            if (module >= 0 && frame.endsWith("]")) {
                String name = frame.substring(module + 2, frame.length() - 1);
                if (modules.contains(name)) {
                    return Optional.of("belongs to patch module " + name);
                }
            }
            return Optional.empty();
        }
    }
}
