// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the machine's directories are: every path that kpatch uses starts here, so that a test can hand in a directory
 * of its own.
 *
 * @param root what stands for {@code /}
 */
public record Roots(Path root) {

    /** Upstream livepatch (Documentation/ABI/testing/sysfs-kernel-livepatch). */
    public Path livepatch() {
        return root.resolve("sys/kernel/livepatch");
    }

    /** The kpatch core module's directory, in its newer and its older layout. */
    public Path kpatchCore() {
        return root.resolve("sys/kernel/kpatch");
    }

    /** One directory for each loaded module (Documentation/ABI/stable/sysfs-module). */
    public Path sysModule() {
        return root.resolve("sys/module");
    }

    /** Lockdown's mode, behind securityfs (kernel_lockdown(7)). */
    public Path lockdown() {
        return root.resolve("sys/kernel/security/lockdown");
    }

    /** Where ftrace shows what it can and does trace, in the order to look (Documentation/trace/ftrace.rst). */
    public List<Path> tracing() {
        return List.of(root.resolve("sys/kernel/tracing"), root.resolve("sys/kernel/debug/tracing"));
    }

    /** The kprobes that are set (Documentation/trace/kprobes.rst). */
    public Path kprobes() {
        return root.resolve("sys/kernel/debug/kprobes/list");
    }

    /** Where the checksums of a kernel's exported symbols may be, in the order to look. */
    public List<Path> symbolVersions(String kernelVersion) {
        return List.of(
                kernelModules(kernelVersion).resolve("build/Module.symvers"),
                root.resolve("usr/src/linux-headers-" + kernelVersion + "/Module.symvers"),
                root.resolve("usr/src/kernels/" + kernelVersion + "/Module.symvers"));
    }

    /** The kernel log (Documentation/ABI/testing/dev-kmsg). */
    public Path kmsg() {
        return root.resolve("dev/kmsg");
    }

    /** There while an SELinux policy is loaded. */
    public Path selinuxEnforce() {
        return root.resolve("sys/fs/selinux/enforce");
    }

    public Path proc() {
        return root.resolve("proc");
    }

    /** The open files of this process, by number (proc(5)). */
    public Path openFiles() {
        return root.resolve("proc/self/fd");
    }

    /** The lock that keeps two processes from changing the running kernel at once. */
    public Path kernelLock() {
        return root.resolve("run/kpatch.lock");
    }

    /** The install DB: one directory for each kernel version, the patch modules in it. */
    public Path installDb() {
        return root.resolve("var/lib/kpatch");
    }

    /** The modules of a kernel that is on the machine. */
    public Path kernelModules(String kernelVersion) {
        return root.resolve("lib/modules").resolve(kernelVersion);
    }

    /** Where kernels to boot are. */
    public Path boot() {
        return root.resolve("boot");
    }

    /** Where the symbols of a kernel may be, in the order to look: a list of them first, then the kernel itself. */
    public List<Path> kernelFiles(String kernelVersion) {
        Path modules = kernelModules(kernelVersion);
        return List.of(
                boot().resolve("System.map-" + kernelVersion),
                modules.resolve("System.map"),
                boot().resolve("vmlinuz-" + kernelVersion),
                modules.resolve("vmlinuz"));
    }

    /** Where they are described, or lie, for those who keep them on the EFI system partition. */
    public Path bootEntries() {
        return root.resolve("boot/efi");
    }

    /** What is there if the machine boots other roots than this one, which share {@code /var} with it. */
    public List<Path> otherRoots() {
        return List.of(root.resolve("run/ostree-booted"), root.resolve("ostree"), root.resolve(".snapshots"));
    }

    /** Where the initramfs of a kernel is, by the habits of distributions. */
    public List<Path> initramfs(String kernelVersion) {
        Path boot = boot();
        return List.of(
                boot.resolve("initrd.img-" + kernelVersion),
                boot.resolve("initramfs-" + kernelVersion + ".img"),
                boot.resolve("initrd-" + kernelVersion));
    }

    /** By this, initramfs-tools(7) puts patch modules into an initramfs. */
    public Path initramfsToolsHook() {
        return root.resolve("usr/share/initramfs-tools/hooks/kpatch");
    }

    /** By this, dracut.modules(7) does. */
    public Path dracutModule() {
        return root.resolve("usr/lib/dracut/modules.d/90kpatch/module-setup.sh");
    }

    /** The administrator's programs are in these, whatever PATH says. */
    public List<Path> programDirectories() {
        return List.of(root.resolve("usr/sbin"), root.resolve("sbin"), root.resolve("usr/bin"), root.resolve("bin"));
    }

    /** Where the core module for one kernel version may have been put, in the order to look. */
    public List<Path> coreModuleFiles(String kernelVersion) {
        return List.of(
                root.resolve("usr/local/lib/kpatch/" + kernelVersion + "/kpatch.ko"),
                root.resolve("usr/lib/kpatch/" + kernelVersion + "/kpatch.ko"),
                root.resolve("usr/local/lib/modules/" + kernelVersion + "/extra/kpatch/kpatch.ko"),
                root.resolve("usr/lib/modules/" + kernelVersion + "/extra/kpatch/kpatch.ko"));
    }
}
