// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.Compression;
import io.github.kpatch.module.Vermagic;
import io.github.kpatch.module.Zstd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Facts about the kernel that runs, each read when it is asked for. */
public final class RunningKernel {
    /** CAP_SYS_MODULE, include/uapi/linux/capability.h. */
    private static final int CAP_SYS_MODULE = 16;

    /** So many modules that cannot be read are enough: there may be thousands. */
    private static final int MOST_TRIES = 3;

    private final Roots roots;
    private final Zstd zstd;

    /** @param zstd what unpacks its own modules, where they are compressed so */
    public RunningKernel(Roots roots, Zstd zstd) {
        this.zstd = zstd;
        this.roots = roots;
    }

    /** The version as {@code uname -r} says it (/proc/sys/kernel/osrelease). */
    public String version() {
        return knownVersion()
                .orElseThrow(() -> new KpatchException(
                        Failure.FAILED,
                        roots.proc() + ": the kernel's version is not there to be read",
                        "is /proc mounted?"));
    }

    /** The version, where /proc is mounted. */
    public Optional<String> knownVersion() {
        return KernelFiles.read(roots.proc().resolve("sys/kernel/osrelease"));
    }

    /** What modules for it have as vermagic, by one of its own on this machine; empty where there is none to be read. */
    public Optional<Vermagic> vermagic() {
        Path modules = roots.kernelModules(version());
        int tries = 0;
        for (String line : KernelFiles.lines(modules.resolve("modules.dep"))) { // modules.dep(5)
            int colon = line.indexOf(':');
            // those elsewhere (updates, extra, weak-updates) may be built for another kernel
            if (line.startsWith("kernel/") && colon > 0 && line.indexOf('\0') < 0) {
                Optional<Vermagic> vermagic =
                        Vermagic.of(modules.resolve(line.substring(0, colon)).normalize(), zstd);
                if (vermagic.isPresent() || ++tries == MOST_TRIES) {
                    return vermagic;
                }
            }
        }
        return Optional.empty();
    }

    /** Whether it unpacks such files by itself (/sys/module/compression, since Linux 6.4). */
    public boolean unpacks(Compression compression) {
        return KernelFiles.read(roots.sysModule().resolve("compression")).equals(Optional.of(compression.tool()));
    }

    /** How it is tainted (/proc/sys/kernel/tainted); bits that are not known yet are left out. */
    public List<Taint> taints() {
        long bits;
        try {
            bits = Long.parseLong(sysctl("tainted").orElse("0"));
        } catch (NumberFormatException e) {
            throw new KpatchException(
                    Failure.FAILED, "/proc/sys/kernel/tainted: a line that kpatch does not understand", e);
        }
        List<Taint> taints = new ArrayList<>();
        for (Taint taint : Taint.values()) {
            if (taint.isIn(bits)) {
                taints.add(taint);
            }
        }
        return taints;
    }

    /** Whether it takes only modules that are signed with a key it trusts; lockdown may ask for that as well. */
    public boolean insistsOnSignature() {
        return KernelFiles.read(roots.sysModule().resolve("module/parameters/sig_enforce"))
                .equals(Optional.of("Y"));
    }

    /** What tells this boot from every other one (/proc/sys/kernel/random/boot_id, random(4)). */
    public Optional<String> bootId() {
        return KernelFiles.read(roots.proc().resolve("sys/kernel/random/boot_id"));
    }

    /** Whether ftrace, by which functions are redirected, was switched off (kernel.ftrace_enabled=0). */
    public boolean isFtraceOff() {
        return sysctl("ftrace_enabled").equals(Optional.of("0"));
    }

    /** Whether loading and removing modules was switched off until the next boot (kernel.modules_disabled=1). */
    public boolean isModuleLoadingOff() {
        return sysctl("modules_disabled").equals(Optional.of("1"));
    }

    /** Lockdown's mode where it is on: {@code integrity} or {@code confidentiality}. */
    public Optional<String> lockdown() {
        String modes = KernelFiles.read(roots.lockdown()).orElse("");
        int start = modes.indexOf('[');
        int end = modes.indexOf(']', start + 1);
        if (start < 0 || end < 0 || modes.startsWith("[none]", start)) {
            return Optional.empty();
        }
        return Optional.of(modes.substring(start + 1, end));
    }

    /**
     * Whether the kernel command line forbids a module by name (module_blacklist=,
     * Documentation/admin-guide/kernel-parameters.txt). The kernel compares the bytes: there, a dash is no underscore.
     */
    public boolean isBlacklisted(String module) {
        String commandLine = KernelFiles.read(roots.proc().resolve("cmdline")).orElse("");
        for (String word : commandLine.split(" ", -1)) {
            if (word.startsWith("module_blacklist=")
                    && ("," + word.substring("module_blacklist=".length()) + ",").contains("," + module + ",")) {
                return true;
            }
        }
        return false;
    }

    /** Whether this process may load and remove modules: CapEff of /proc/self/status (proc(5)). */
    public boolean mayChangeModules() {
        for (String line : KernelFiles.lines(roots.proc().resolve("self/status"))) {
            if (line.startsWith("CapEff:")) {
                return (capabilities(line) >>> CAP_SYS_MODULE & 1) == 1;
            }
        }
        return true; // no such line: the kernel will say it itself
    }

    private static long capabilities(String line) {
        try {
            return Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
        } catch (NumberFormatException e) {
            throw new KpatchException(
                    Failure.FAILED, "/proc/self/status: a line that kpatch does not understand: " + line, e);
        }
    }

    private Optional<String> sysctl(String name) {
        return KernelFiles.read(roots.proc().resolve("sys/kernel").resolve(name));
    }
}
