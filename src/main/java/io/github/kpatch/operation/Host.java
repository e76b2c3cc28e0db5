// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.KernelModules;
import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.kernel.PatchInterface;
import io.github.kpatch.kernel.PatchInterfaces;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.kernel.RunningKernel;
import io.github.kpatch.kernel.Tasks;
import io.github.kpatch.store.InstallDb;
import io.github.kpatch.store.Lock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The machine with its readers: what every operation works on.
 *
 * @param machine the ports that act
 * @param kernel facts about the running kernel
 * @param modules the modules in memory
 * @param tasks the tasks and their part in a transition
 * @param db the machine's own install DB
 */
public record Host(Machine machine, RunningKernel kernel, KernelModules modules, Tasks tasks, InstallDb db) {

    public static Host of(Machine machine) {
        return new Host(
                machine,
                new RunningKernel(machine.roots(), machine.zstd()),
                new KernelModules(machine.roots()),
                new Tasks(machine.roots()),
                new InstallDb(machine.roots().installDb(), machine::userId));
    }

    /** What reads the files of patch modules. */
    PatchFiles files() {
        return new PatchFiles(machine.zstd());
    }

    /** The sysfs layout of the running kernel, where it has one. */
    Optional<PatchInterface> patchInterface() {
        return PatchInterfaces.find(machine.roots(), machine::systemCalls);
    }

    /** Whether an object is there and patched; a kernel before 6.1 does not tell, but it shows which modules are there. */
    boolean isPatched(LoadedObject object) {
        return object.patched().orElseGet(() -> object.name().equals("vmlinux") || modules.isThere(object.name()));
    }

    /** The install DB of another root, such as an image that is being built. */
    InstallDb dbUnder(Path root) {
        if (!Files.isDirectory(root)) {
            throw new KpatchException(
                    Failure.REFUSED, root + ": is no directory that could be another root", "mount or create it first");
        }
        Path db = new Roots(root).installDb();
        requireBelow(root, db);
        return new InstallDb(db, machine::userId);
    }

    /** An image may have links that are meant for when it is booted, and lead out of it now. */
    private static void requireBelow(Path root, Path db) {
        Path there = db;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.resolve("..").normalize();
        }
        try {
            if (!there.toRealPath().startsWith(root.toRealPath())) {
                throw new KpatchException(
                        Failure.REFUSED,
                        db + ": leads out of " + root + " by a link",
                        "give the root where it is mounted");
            }
        } catch (IOException e) {
            throw new KpatchException(Failure.REFUSED, there + ": leads nowhere", "mount or create it first", e);
        }
    }

    /** Keeps other kpatch processes from changing the running kernel until the lock is closed. */
    Lock lockKernel(Progress progress) {
        return lock(progress, waiting -> Lock.take(machine.roots().kernelLock(), waiting));
    }

    /** Keeps other kpatch processes from changing an install DB until the lock is closed. */
    Lock lockDb(InstallDb locked, Progress progress) {
        return lock(progress, locked::lock);
    }

    private Lock lock(Progress progress, Function<Runnable, Lock> take) {
        try (var watch = machine.interrupts()
                .onInterrupt(() -> progress.interrupted(
                        "interrupted while it waited for another kpatch to end; nothing was done"))) {
            return take.apply(() -> progress.note("another kpatch is at work; waiting for it to end"));
        }
    }

    /** Refuses to disable what could then be neither removed nor enabled again. */
    void requireRemoval() {
        requirePrivilege("unload");
        if (kernel.isModuleLoadingOff()) {
            throw new KpatchException(
                    Failure.REFUSED,
                    "unload: kernel.modules_disabled is 1, so no module can be removed until the next boot",
                    "reboot without that setting");
        }
    }

    /** Refuses a user who may not load and remove modules, before anything is tried. */
    void requirePrivilege(String command) {
        if (!kernel.mayChangeModules()) {
            throw new KpatchException(
                    Failure.NOT_PERMITTED, command + ": not permitted without CAP_SYS_MODULE", "run kpatch as root");
        }
    }
}
