// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import io.github.kpatch.module.PatchModule;
import io.github.kpatch.module.PatchedFunction;
import io.github.kpatch.module.PatchedObject;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How the fake kernel shows its modules and patches in /sys and /proc. */
final class FakeSysfs {
    /** A layout of the patches in sysfs. */
    enum Layout {
        NONE(""),
        LIVEPATCH("sys/kernel/livepatch"),
        CORE_0_4("sys/kernel/kpatch"),
        CORE_OLD("sys/kernel/kpatch/patches");

        final String directory;

        Layout(String directory) {
            this.directory = directory;
        }

        boolean isCore() {
            return this == CORE_0_4 || this == CORE_OLD;
        }
    }

    private final FakeTree tree;
    Layout layout = Layout.LIVEPATCH;
    boolean showsForce = true;
    boolean showsSignal;
    boolean showsPatched = true;
    boolean showsReplace;
    boolean showsStackOrder;

    FakeSysfs(FakeTree tree) {
        this.tree = tree;
    }

    void show(Collection<FakeModule> modules, String inTransition) {
        tree.remove("sys/kernel/livepatch");
        tree.remove("sys/kernel/kpatch");
        if (layout != Layout.NONE) {
            tree.makeDirectory(layout.directory);
        }
        List<String> lines = new ArrayList<>();
        List<String> names = modules.stream().map(module -> module.name).toList();
        for (FakeModule module : modules) {
            String flags = module.patch.isPresent() ? " (OEK)" : "";
            lines.add(
                    0,
                    module.name + " 16384 " + module.references + " - Live 0xffffffffc0a3e000"
                            + (flags.isEmpty() ? " " : flags));
            tree.put("sys/module/" + module.name + "/initstate", "live");
            module.field("srcversion").ifPresent(v -> tree.put("sys/module/" + module.name + "/srcversion", v));
            module.patch
                    .flatMap(PatchModule::buildId)
                    .ifPresent(id -> tree.put(
                            "sys/module/" + module.name + "/notes/.note.gnu.build-id",
                            BuildIdNote.of(id, ByteOrder.nativeOrder())));
            if (module.registered && module.patch.isPresent()) {
                show(module, module.patch.get(), module.name.equals(inTransition), names);
            }
        }
        tree.putAll("proc/modules", lines);
    }

    void forget(String module) {
        tree.remove("sys/module/" + module);
    }

    private void show(FakeModule module, PatchModule patch, boolean inTransition, List<String> loaded) {
        String directory = layout.directory + "/" + module.name + "/";
        tree.put(directory + "enabled", module.enabled ? "1" : "0");
        if (layout.isCore()) {
            patch.checksum().ifPresent(checksum -> tree.put(directory + "checksum", checksum));
        } else {
            showAttributes(module, directory, inTransition);
        }
        for (PatchedObject object : patch.objects()) {
            String at = directory + (layout == Layout.CORE_OLD ? "functions" : object.name()) + "/";
            tree.makeDirectory(at);
            for (PatchedFunction function : object.functions()) {
                showFunction(at, function);
            }
            if (layout == Layout.LIVEPATCH && showsPatched) {
                boolean there = object.isKernel() || loaded.contains(object.name());
                tree.put(at + "patched", there ? "1" : "0");
            }
        }
    }

    private void showAttributes(FakeModule module, String directory, boolean inTransition) {
        tree.put(directory + "transition", inTransition ? "1" : "0");
        if (showsForce) {
            tree.put(directory + "force", "");
        }
        if (showsSignal) {
            tree.put(directory + "signal", "");
        }
        if (showsReplace) {
            tree.put(directory + "replace", module.replaces() ? "1" : "0");
        }
        if (showsStackOrder) {
            tree.put(directory + "stack_order", Integer.toString(module.stackOrder));
        }
    }

    private void showFunction(String at, PatchedFunction function) {
        if (layout == Layout.LIVEPATCH) {
            tree.makeDirectory(at + function.sysfsName());
        } else {
            String name = layout == Layout.CORE_OLD ? function.name() : function.sysfsName();
            tree.put(at + name + "/old_addr", "0xffffffff81000000");
            tree.put(at + name + "/new_addr", "0xffffffffc0a3e000");
        }
    }

    /** A task, and where it stands: -1 where no transition runs. */
    void showTask(int pid, String name, List<String> stack, int patchState) {
        String task = "proc/" + pid + "/task/" + pid + "/";
        tree.put(task + "comm", name);
        tree.put(task + "patch_state", Integer.toString(patchState));
        tree.putAll(task + "stack", stack);
    }
}
