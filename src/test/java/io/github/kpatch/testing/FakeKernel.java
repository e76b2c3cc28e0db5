// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import static java.util.Objects.requireNonNull;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.kernel.SystemCalls;
import io.github.kpatch.module.Design;
import io.github.kpatch.module.FileIdentity;
import io.github.kpatch.module.NotAPatchModuleException;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.module.PatchModuleReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.SingleXZInputStream;

/**
 * A kernel with state: it takes real module files, has one transition at a time, which ends in its own time, and shows
 * all of it in /sys and /proc. A call that fails has changed nothing. As it comes it is as Linux 6.1.
 */
public final class FakeKernel implements SystemCalls {
    public static final String VERSION = "6.1.0-1-amd64";

    private static final FakeTask INIT = new FakeTask(1, "systemd", List.of());

    private final FakeTree tree;
    private final FakeSysfs sysfs;
    private final FakeClock clock;
    private final FakeLog log;
    private final Path root;
    private final Map<String, FakeModule> modules = new LinkedHashMap<>();
    private final Map<String, Deque<Integer>> scripted = new HashMap<>();
    private final Map<String, List<String>> lastWords = new HashMap<>();
    private final Map<String, Runnable> effects = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<FakeTask> stubborn = new ArrayList<>();
    private @Nullable FakeModule inTransition;
    private int transitions;
    private Duration transitionTime = Duration.ofMillis(1500);
    private Duration referenceTime = Duration.ofMillis(3);
    private boolean enablesAgain;
    private boolean heedsSignals;
    private boolean stallsReversal;
    private boolean neverReleases;

    FakeKernel(Roots roots, FakeClock clock, FakeLog log) {
        this.root = roots.root();
        this.tree = new FakeTree(root);
        this.sysfs = new FakeSysfs(tree);
        this.clock = clock;
        this.log = log;
        running(VERSION).sysctl("ftrace_enabled", "1").sysctl("modules_disabled", "0");
        tree.put("proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff");
        tree.put("proc/cmdline", "root=/dev/vda1 ro quiet");
        show();
    }

    public FakeKernel running(String version) {
        return sysctl("osrelease", version);
    }

    public FakeKernel sysctl(String name, String value) {
        tree.put("proc/sys/kernel/" + name, value);
        return this;
    }

    /** The user has no capability. */
    public FakeKernel unprivileged() {
        tree.put("proc/self/status", "Name:\tjava\nCapEff:\t0000000000000000");
        return this;
    }

    /** As before Linux 5.1: a disabled patch stays where it is, and there is a signal attribute. */
    public FakeKernel before51() {
        enablesAgain = true;
        sysfs.showsSignal = true;
        sysfs.showsPatched = false;
        show();
        return this;
    }

    /** As since Linux 6.14. */
    public FakeKernel withStackOrder() {
        sysfs.showsReplace = true;
        sysfs.showsStackOrder = true;
        show();
        return this;
    }

    /** As before Linux 4.15. */
    public FakeKernel withoutForce() {
        sysfs.showsForce = false;
        show();
        return this;
    }

    public FakeKernel withoutLivepatch() {
        return withLayout(FakeSysfs.Layout.NONE);
    }

    /** The kpatch core module, in its 0.4 layout. */
    public FakeKernel withCoreModule() {
        return withLayout(FakeSysfs.Layout.CORE_0_4);
    }

    /** The kpatch core module before 0.4. */
    public FakeKernel withOldCoreModule() {
        return withLayout(FakeSysfs.Layout.CORE_OLD);
    }

    private FakeKernel withLayout(FakeSysfs.Layout layout) {
        sysfs.layout = layout;
        enablesAgain = layout.isCore();
        show();
        return this;
    }

    /** Modules that are there already, and are no patch modules. */
    public FakeKernel hasModules(String... names) {
        for (String name : names) {
            modules.put(name, new FakeModule(name, Optional.empty()));
        }
        show();
        return this;
    }

    public FakeKernel transitionsTake(Duration time) {
        transitionTime = time;
        return this;
    }

    /** How long after its end a disabled patch module loses its reference. */
    public FakeKernel releasesAfter(Duration time) {
        referenceTime = time;
        return this;
    }

    /** A disabled patch module keeps its reference for ever. */
    public FakeKernel neverReleases() {
        neverReleases = true;
        return this;
    }

    /** A task that does not switch, so that transitions do not end. */
    public FakeKernel stalledBy(int pid, String name, String... stack) {
        stubborn.add(new FakeTask(pid, name, List.of(stack)));
        return this;
    }

    /** The stalled tasks switch when they are signalled. */
    public FakeKernel heedsSignals() {
        heedsSignals = true;
        return this;
    }

    /** The stalled tasks stall a transition that is reversed as well. */
    public FakeKernel stallsReversal() {
        stallsReversal = true;
        return this;
    }

    /** The stalled tasks leave the patched function. */
    public void unstall() {
        stubborn.clear();
        if (inTransition != null) {
            complete();
        }
    }

    /**
     * The next calls fail.
     *
     * @param call such as {@code finit_module(kpt_a)}, {@code delete_module(kpt_a)}, {@code kpt_a/enabled=0}
     */
    public FakeKernel fails(String call, Errno... errnos) {
        for (Errno errno : errnos) {
            fails(call, errno.number());
        }
        return this;
    }

    public FakeKernel fails(String call, int errno) {
        scripted.computeIfAbsent(call, key -> new ArrayDeque<>()).add(errno);
        return this;
    }

    /** What the log says when a call is made. */
    public FakeKernel says(String call, String... lines) {
        lastWords.put(call, List.of(lines));
        return this;
    }

    /** What happens in the midst of a call. */
    public FakeKernel does(String call, Runnable effect) {
        effects.put(call, effect);
        return this;
    }

    /** The names of the modules in memory, the one loaded first first. */
    public List<String> loaded() {
        return List.copyOf(modules.keySet());
    }

    /** The patches that are enabled, or on their way to be. */
    public List<String> enabled() {
        return modules.values().stream()
                .filter(module -> module.registered && module.enabled)
                .map(module -> module.name)
                .toList();
    }

    /** Every call that was made, also those that failed. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** Shows the kernel anew, after a test changed something in the tree. */
    public void show() {
        sysfs.show(modules.values(), inTransition == null ? "" : inTransition.name);
        boolean enabling = inTransition != null && inTransition.enabled;
        int target = inTransition == null ? -1 : enabling ? 1 : 0;
        sysfs.showTask(INIT.pid(), INIT.name(), INIT.stack(), target);
        for (FakeTask task : stubborn) {
            sysfs.showTask(task.pid(), task.name(), task.stack(), target < 0 ? -1 : 1 - target);
        }
    }

    @Override
    public void loadModule(Path file, boolean packed, Optional<FileIdentity> checked) throws SystemCallException {
        byte[] image;
        try {
            image = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (file.endsWith("kpatch.ko")) {
            call("finit_module(" + root.relativize(file) + ")", "finit_module");
            withCoreModule();
            return;
        }
        load("finit_module", packed ? unpacked(image) : image);
    }

    /** As a kernel does that has /sys/module/compression. */
    private static byte[] unpacked(byte[] image) {
        try (InputStream xz = new SingleXZInputStream(new ByteArrayInputStream(image))) {
            return xz.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadModule(byte[] image) throws SystemCallException {
        load("init_module", image);
    }

    private void load(String call, byte[] image) throws SystemCallException {
        PatchModule patch;
        try {
            patch = new PatchModuleReader().read(image);
        } catch (NotAPatchModuleException e) {
            throw new SystemCallException(call, "image", Errno.ENOEXEC.number());
        }
        String name = patch.name().toString();
        call(call + "(" + name + ")", call);
        if (modules.containsKey(name)) {
            throw error(call, name, Errno.EEXIST);
        }
        boolean atOnce = sysfs.layout.isCore();
        if (patch.design() == Design.CORE && !atOnce) {
            throw error(call, name, Errno.ENOENT); // kpatch_register is the core module's
        }
        if (patch.design() == Design.LIVEPATCH && sysfs.layout != FakeSysfs.Layout.LIVEPATCH) {
            throw error(call, name, Errno.ENOEXEC);
        }
        if (inTransition != null) {
            throw error(call, name, Errno.EBUSY);
        }
        FakeModule module = new FakeModule(name, Optional.of(patch));
        modules.put(name, module);
        module.registered = true;
        module.enabled = true;
        module.references = 1;
        module.stackOrder = 1
                + (int) modules.values().stream()
                        .filter(other -> other.registered && other != module)
                        .count();
        log.say("livepatch: enabling patch '" + name + "'");
        if (!atOnce) {
            start(module);
        }
        show();
    }

    @Override
    public void removeModule(String name) throws SystemCallException {
        call("delete_module(" + name + ")", "delete_module");
        FakeModule module = modules.get(name);
        if (module == null) {
            throw error("delete_module", name, Errno.ENOENT);
        }
        if (module.references > 0) {
            throw error("delete_module", name, Errno.EAGAIN);
        }
        modules.remove(name);
        sysfs.forget(name);
        show();
    }

    @Override
    public void writeAttribute(Path attribute, String value) throws SystemCallException {
        String name = String.valueOf(requireNonNull(attribute.getParent()).getFileName());
        String file = String.valueOf(attribute.getFileName());
        call(name + "/" + file + "=" + value, "write");
        FakeModule module = modules.get(name);
        if (module == null || !Files.exists(attribute)) {
            throw error("open", attribute.toString(), Errno.ENOENT);
        }
        switch (file) {
            case "enabled" -> setEnabled(module, value.equals("1"));
            case "force" -> force(module);
            case "signal" -> signal(module);
            default -> throw error("open", attribute.toString(), Errno.EACCES);
        }
        show();
    }

    private void setEnabled(FakeModule module, boolean enabled) throws SystemCallException {
        if (module.enabled == enabled) {
            throw error("write", module.name, Errno.EINVAL);
        }
        if (sysfs.layout.isCore()) {
            module.enabled = enabled;
            module.references = enabled || neverReleases ? 1 : 0;
            return;
        }
        if (inTransition == module) {
            reverse(module, enabled);
            return;
        }
        if (inTransition != null || (enablesAgain && !isNextInStack(module, enabled))) {
            throw error("write", module.name, Errno.EBUSY);
        }
        module.enabled = enabled;
        module.references = 1;
        start(module);
    }

    /** Before 5.1, patches are enabled from the bottom of the stack up, and disabled from the top down. */
    private boolean isNextInStack(FakeModule module, boolean enabled) {
        for (FakeModule other : modules.values()) {
            boolean below = other.stackOrder < module.stackOrder;
            boolean inTheWay = enabled ? below && !other.enabled : !below && other.enabled;
            if (other != module && other.registered && inTheWay) {
                return false;
            }
        }
        return true;
    }

    private void reverse(FakeModule module, boolean enabled) {
        module.enabled = enabled;
        if (!stallsReversal) {
            stubborn.clear(); // they have not left the state that the others now return to
        }
        start(module);
    }

    private void start(FakeModule module) {
        inTransition = module;
        int number = ++transitions;
        log.say("livepatch: '" + module.name + "': starting " + (module.enabled ? "" : "un") + "patching transition");
        clock.after(transitionTime, () -> {
            if (number == transitions && inTransition != null && stubborn.isEmpty()) {
                complete();
            }
        });
    }

    private void complete() {
        FakeModule module = requireNonNull(inTransition);
        inTransition = null;
        transitions++;
        log.say("livepatch: '" + module.name + "': " + (module.enabled ? "" : "un") + "patching complete");
        if (!module.enabled) {
            disabled(module);
        } else if (module.replaces()) {
            for (FakeModule other : modules.values()) {
                if (other != module && other.registered) {
                    disabled(other);
                }
            }
        }
        show();
    }

    private void disabled(FakeModule module) {
        module.enabled = false;
        module.registered = enablesAgain;
        if (!neverReleases) {
            clock.after(referenceTime, () -> {
                module.references = 0;
                show();
            });
        }
    }

    private void force(FakeModule module) throws SystemCallException {
        requireTransition(module);
        neverReleases = true;
        stubborn.clear();
        complete();
    }

    private void signal(FakeModule module) throws SystemCallException {
        requireTransition(module);
        if (heedsSignals) {
            unstall();
        }
    }

    private void requireTransition(FakeModule module) throws SystemCallException {
        if (inTransition != module) {
            throw error("write", module.name, Errno.EINVAL);
        }
    }

    /** Notes a call, and fails where a test wants that; a script may be for one module or for all. */
    private void call(String call, String kind) throws SystemCallException {
        calls.add(call);
        effects.getOrDefault(call, () -> {}).run();
        List.of(call, kind)
                .forEach(key -> lastWords.getOrDefault(key, List.of()).forEach(log::say));
        for (String key : List.of(call, kind)) {
            Deque<Integer> errnos = scripted.get(key);
            if (errnos != null && !errnos.isEmpty()) {
                throw new SystemCallException(kind, call, errnos.remove());
            }
        }
    }

    private static SystemCallException error(String call, String what, Errno errno) {
        return new SystemCallException(call, what, errno.number());
    }
}
