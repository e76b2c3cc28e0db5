// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Clock;
import io.github.kpatch.kernel.Interrupts;
import io.github.kpatch.kernel.KernelLog;
import io.github.kpatch.kernel.Machine;
import io.github.kpatch.kernel.Programs;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.kernel.ShutdownInterrupts;
import io.github.kpatch.kernel.SystemCalls;
import io.github.kpatch.kernel.SystemClock;
import io.github.kpatch.kernel.SystemLog;
import io.github.kpatch.kernel.SystemPrograms;
import io.github.kpatch.kernel.SystemTools;
import io.github.kpatch.kernel.Tools;
import io.github.kpatch.kernel.jna.Kmsg;
import io.github.kpatch.kernel.jna.LibC;
import io.github.kpatch.kernel.jna.LibZstd;
import io.github.kpatch.kernel.jna.LinuxSystemCalls;
import io.github.kpatch.kernel.jna.Syslog;
import io.github.kpatch.module.Zstd;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The machine that this process runs on. JNA is loaded by the first call that needs the C library. */
final class LinuxMachine implements Machine {
    private final Logger log;
    private final Roots roots;
    private final String path;
    private @Nullable LibC libC;
    private @Nullable Tools tools;

    /**
     * This machine.
     *
     * @param path where the user's programs are, as the variable PATH has it
     */
    LinuxMachine(Roots roots, String path, Logger log) {
        this.roots = roots;
        this.path = path;
        this.log = log;
    }

    @Override
    public Roots roots() {
        return roots;
    }

    @Override
    public SystemCalls systemCalls() {
        return new LinuxSystemCalls(libC(), architecture(), roots.openFiles(), log);
    }

    @Override
    public Zstd zstd() {
        return packed -> new LibZstd().open(packed); // which loads JNA
    }

    @Override
    public KernelLog kernelLog() {
        return new Kmsg(this::libC, roots.kmsg(), log);
    }

    @Override
    public SystemLog systemLog() {
        return new Syslog(this::libC);
    }

    @Override
    public Clock clock() {
        return new SystemClock();
    }

    @Override
    public Programs programs() {
        return new SystemPrograms(roots.programDirectories(), log);
    }

    /** Always the same: to stop what runs, all that started something has to share it. */
    @Override
    public Tools tools() {
        if (tools == null) {
            tools = new SystemTools(path, log);
        }
        return tools;
    }

    @Override
    public Interrupts interrupts() {
        return new ShutdownInterrupts();
    }

    @Override
    public String architecture() {
        String java = System.getProperty("os.arch", "unknown");
        return java.equals("amd64") ? "x86_64" : java;
    }

    /** The owner of /proc/self: the effective user (proc(5)), without a call of the C library. */
    @Override
    public int userId() {
        try {
            return (Integer) Files.getAttribute(roots.proc().resolve("self"), "unix:uid");
        } catch (IOException e) {
            throw new KpatchException(Failure.FAILED, "/proc/self cannot be read", "is /proc mounted?", e);
        }
    }

    private LibC libC() {
        if (libC == null) {
            libC = load();
        }
        return libC;
    }

    private static LibC load() {
        try {
            return new LibC();
        } catch (LinkageError e) { // the second time Java only says that the class is not there
            throw new KpatchException(
                    Failure.FAILED,
                    "the native library of JNA cannot be loaded (" + e.getMessage() + ")",
                    "install kpatch anew",
                    e);
        }
    }
}
