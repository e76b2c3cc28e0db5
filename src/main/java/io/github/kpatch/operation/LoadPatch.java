// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.KernelModule;
import io.github.kpatch.kernel.LoadedPatch;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.SystemCallException;
import io.github.kpatch.module.Compression;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.store.InstalledModule;
import io.github.kpatch.store.Lock;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Loads a patch module into the running kernel, and sees its transition to the end. */
public final class LoadPatch {
    private final Host host;
    private final Progress progress;
    private final boolean checked;

    public LoadPatch(Host host, Progress progress) {
        this(host, progress, true);
    }

    /**
     * @param checked whether a module that does not fit is refused before the kernel sees it
     */
    public LoadPatch(Host host, Progress progress, boolean checked) {
        this.host = host;
        this.progress = progress;
        this.checked = checked;
    }

    /** Loads the patch module that an argument means: a file, or one that is installed for the running kernel. */
    public void load(String argument, Waiting waiting) {
        host.requirePrivilege("load");
        ModuleLookup lookup = new ModuleLookup(host, host.db(), host.kernel().version());
        Optional<Path> file = lookup.file(argument);
        if (file.isEmpty()) {
            new LoadedAgain(host, progress).enable(argument, waiting);
            return;
        }
        if (host.db().holds(file.get())) {
            host.db().checkSafe(host.kernel().version());
        }
        if (ModuleLookup.asFile(host.db(), argument).isEmpty()) {
            host.db().moduleAt(file.get()).ifPresent(this::requireUnchanged);
        }
        try (Lock lock = host.lockKernel(progress)) {
            load(file.get(), waiting);
        }
        if (host.db().holds(file.get())) {
            BootGuard.of(host).lift(String.valueOf(file.get().getFileName()));
        }
    }

    /** A name means what was installed by it; who has put another file there can give the path. */
    private void requireUnchanged(InstalledModule module) {
        VerifyModules.requireUnchanged(host.db(), module, ", or load it by its path");
    }

    /** Loads a file with the lock held. */
    void load(Path path, Waiting waiting) {
        if (host.db().holds(path)) {
            host.db().checkSafeFile(path);
        }
        ModuleFile file = host.files().read(path);
        Change change = Change.of(Change.Action.LOAD, file, host.kernel().version());
        Audit audit = new Audit(host, progress);
        audit.watch(change, () -> load(file, change, audit, waiting));
    }

    private void load(ModuleFile file, Change change, Audit audit, Waiting waiting) {
        if (checked) {
            requireFit(file);
        }
        PatchInterface patches = new CoreModule(host).require(file);
        PatchFit.requireDesign(file, patches);
        ModuleName name = file.module().name();
        Optional<LoadedPatch> loaded = patches.patch(name);
        if (loaded.isPresent()) {
            LoadedAgain again = new LoadedAgain(host, progress);
            again.requireSame(file, patches);
            if (again.enable(patches, loaded.get(), waiting)) {
                return;
            }
        }
        removeLeftover(file, patches);
        List<LoadedPatch> before = patches.patches();
        audit.begins(change);
        progress.loading(file.path());
        insert(file);
        new AfterLoad(host, progress, patches, change, name).finish(before, waiting);
    }

    /**
     * What is cheap to see and certain: what the kernel would not refuse by itself, or by a number only. What would be
     * refused does not matter to a module that it has already.
     */
    private void requireFit(ModuleFile file) {
        PatchFit.requireArchitecture(file, host.machine());
        PatchFit.requireKernel(file, host.kernel().version(), "the running");
        if (host.kernel().isFtraceOff()) {
            throw new KpatchException(
                    Failure.REFUSED,
                    file.path() + ": would patch nothing, as kernel.ftrace_enabled is 0",
                    "run 'sysctl kernel.ftrace_enabled=1' and try again");
        }
        Optional<PatchInterface> patches = host.patchInterface();
        if (patches.flatMap(p -> p.patch(file.module().name())).isEmpty()) {
            new LoadingRules(host.kernel()).require(file);
        }
    }

    /** Removes a disabled module of that name that no longer has its place in sysfs: it is loaded anew instead. */
    private void removeLeftover(ModuleFile file, PatchInterface patches) {
        ModuleName name = file.module().name();
        Optional<KernelModule> module = host.modules().find(name);
        if (module.isEmpty()) {
            return;
        }
        if (!module.get().livepatch()) {
            throw new KpatchException(
                    Failure.REFUSED,
                    file.path() + ": a module named " + name + " that is no patch module is loaded",
                    "rename the patch module, or unload that one");
        }
        new ModuleRemoval(host, progress).remove(name, ModuleRemoval.patience(patches));
    }

    private void insert(ModuleFile file) {
        String name = file.module().name().toString();
        try (var watch = host.machine()
                        .interrupts()
                        .onInterrupt(() -> progress.interrupted(
                                name + ": interrupted; 'kpatch list' shows whether the kernel has taken it yet"));
                KernelLog.Listener log = host.machine().kernelLog().listen()) {
            try {
                Retry.whileBusy(host.machine().clock(), () -> insertOnce(file));
            } catch (SystemCallException e) {
                throw new KernelSays(host.kernel())
                        .toLoad(
                                file.path().toString(),
                                name,
                                e,
                                subjects -> new CheckPatch(host).failure(file, subjects),
                                log.lines());
            }
        }
    }

    /** As a file where the kernel can read it, since a policy may want to see where a module comes from. */
    private void insertOnce(ModuleFile file) throws SystemCallException {
        boolean packed = file.compression() != Compression.NONE;
        if (!packed || (file.isForKernel() && host.kernel().unpacks(file.compression()))) {
            host.machine().systemCalls().loadModule(file.path(), packed, Optional.of(file.identity()));
        } else {
            host.machine().systemCalls().loadModule(file.content());
        }
    }
}
