// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From a source patch to a kernel that does otherwise, and back. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class KpatchBuildIT {
    private final Guest guest;
    private final BuildHost host;

    KpatchBuildIT(Guest guest) {
        this.guest = guest;
        this.host = BuildHost.of(guest.kernel());
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
        // as systemd does, for kpatch check to see what ftrace can redirect
        guest.must("mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing");
        guest.must("dmesg -C");
    }

    static List<KernelChange> changes() {
        return KernelChange.all();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void theKernelDoesWhatThePatchSaysUntilItIsUnloaded(KernelChange change) {
        BuiltModule module = host.build(change.module(), change.patch());
        assertEquals(change.functions(), module.functions());
        String contents = module.readelf();
        assertTrue(contents.contains(" " + change.section() + " "), () -> change.section() + " in " + module.file());

        assertEquals(change.before(), guest.must(change.command()));
        load(module);
        assertEquals(change.after(), guest.must(change.command()));
        unload(module);
        assertEquals(change.before(), guest.must(change.command()));
        assertEquals("", guest.must("kernel_complaints"));
    }

    @Test
    void aHeaderChangesTheObjectsWhoseCodeItIsIn() {
        BuiltModule module = host.build("kpt_header_inline", "header-inline");
        assertEquals(
                List.of("vmlinux, ipc/msg.o:", "vmlinux, ipc/sem.o:", "vmlinux, ipc/shm.o:"),
                module.build()
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("vmlinux, "))
                        .toList());

        assertEquals("self self self", guest.must("last_users_of_ipc"));
        load(module);
        assertEquals("init init init", guest.must("last_users_of_ipc"));
        unload(module);
        assertEquals("self self self", guest.must("last_users_of_ipc"));
        assertEquals("", guest.must("kernel_complaints"));
    }

    @Test
    void variablesOfTheKernelKeepTheirValues() {
        BuiltModule module = host.build("kpt_kept_state", "kept-state");
        String id = guest.must("cat /proc/sys/kernel/random/boot_id");
        load(module);
        assertEquals(id.toUpperCase(Locale.ROOT), guest.must("cat /proc/sys/kernel/random/boot_id"));
        unload(module);
        assertEquals(id, guest.must("cat /proc/sys/kernel/random/boot_id"));
        assertEquals("", guest.must("kernel_complaints"));
    }

    /** The function itself is inline, which ftrace is kept away from by older kernels: its callers go in its stead. */
    @Test
    void aSystemCallIsPatchedWhereFtraceGetsAtIt() {
        BuiltModule module = host.build("kpt_syscall", "syscall");
        assertTrue(
                Set.of(
                                List.of("vmlinux:__do_sys_newuname"),
                                List.of("vmlinux:__ia32_sys_newuname", "vmlinux:__x64_sys_newuname"))
                        .contains(module.functions()),
                () -> "functions " + module.functions());
        load(module);
        assertEquals("Kinux", guest.must("uname -s"));
        unload(module);
        assertEquals("Linux", guest.must("uname -s"));
        assertEquals("", guest.must("kernel_complaints"));
    }

    @Test
    void theColdPartOfAFunctionComesWithIt() {
        BuiltModule module = host.build("kpt_cold_part", "cold-part");
        assertEquals(List.of("vmlinux:__set_oom_adj.isra.0"), module.functions());
        // not every kernel is compiled with such parts
        boolean cold = guest.run("grep -q ' __set_oom_adj.isra.0.cold$' /proc/kallsyms")
                        .status()
                == 0;
        assertEquals(cold, module.readelf().contains(" __set_oom_adj.isra.0.cold\n"));
        load(module);
        assertEquals("295", guest.must("set_oom_adj 5"));
        guest.run("dmesg").prints("oom_adj is deprecated");
        unload(module);
        assertEquals("294", guest.must("set_oom_adj 5"));
        assertEquals("", guest.must("kernel_complaints"));
    }

    @Test
    void aModuleThatIsLoadedIsPatchedAndOneThatComesLaterToo() {
        BuiltModule module = host.build("kpt_module_function", "module-function");
        assertEquals(
                List.of(guest.kernel().equals("7") ? "binfmt_misc:bm_entry_show" : "binfmt_misc:bm_entry_read"),
                module.functions());
        module.readelf();

        guest.must("binfmt_misc_off");
        load(module);
        guest.must("binfmt_misc_on");
        assertEquals("enabled in binfmt_misc", guest.must("binfmt_misc_state"));
        unload(module);
        assertEquals("enabled", guest.must("binfmt_misc_state"));
        load(module);
        assertEquals("enabled in binfmt_misc", guest.must("binfmt_misc_state"));
        guest.must("binfmt_misc_off");
        unload(module);
        assertEquals("", guest.must("kernel_complaints"));
    }

    @Test
    void callbacksAreCalledInTheirOrder() {
        BuiltModule module = host.build("kpt_callbacks", "callbacks");
        assertEquals(List.of("vmlinux:version_proc_show"), module.functions());
        load(module);
        assertEquals("!", guest.must("tail -n 1 /proc/version"));
        unload(module);
        assertTrue(guest.must("tail -n 1 /proc/version").startsWith("Linux version "));
        assertEquals(
                "kpt: pre_patch vmlinux\nkpt: post_patch\nkpt: pre_unpatch\nkpt: post_unpatch",
                guest.must("dmesg | grep -o 'kpt: .*'"));
        assertEquals("", guest.must("kernel_complaints"));
    }

    @Test
    void twoPatchesAreOneModuleWhichReplacesTheModuleOfOne() {
        BuiltModule first = host.build("kpt_first", "meminfo-string");
        BuiltModule second = host.build("kpt_second", "meminfo-string", "static-local");
        assertEquals(List.of("vmlinux:meminfo_proc_show", "vmlinux:uptime_proc_show"), second.functions());

        load(first);
        load(second);
        guest.must("wait_until test ! -e /sys/kernel/livepatch/kpt_first; wait_until rmmod kpt_first");
        assertEquals("VMALLOCCHUNK", guest.must("grep -io vmallocchunk /proc/meminfo"));
        assertEquals("11", guest.must("third_of_uptime"));
        unload(second);
        assertEquals("VmallocChunk", guest.must("grep -io vmallocchunk /proc/meminfo"));
        assertEquals("none", guest.must("third_of_uptime"));
        assertEquals("", guest.must("kernel_complaints"));
    }

    /** Only make knows what a change of a Makefile affects. */
    @Test
    void aFullBuildFindsWhatAMakefileChanges() {
        List<String> options = List.of("--full-build", "--target", "fs/proc/");
        BuiltModule module = host.build("kpt_makefile", options, "makefile", "meminfo-string");
        assertEquals(List.of("vmlinux:loadavg_proc_show", "vmlinux:meminfo_proc_show"), module.functions());
        module.build().prints("2 objects differ");

        String running = "cut -d ' ' -f 4 /proc/loadavg | sed 's/^0.*/none/; s/^[1-9].*/some/'";
        assertEquals("some", guest.must(running));
        load(module);
        assertEquals("none", guest.must(running));
        unload(module);
        assertEquals("some", guest.must(running));
        assertEquals("", guest.must("kernel_complaints"));
    }

    /** By way of {@code kpatch check}, which foretells whether the kernel takes it. */
    private void load(BuiltModule module) {
        guest.run("kpatch check " + module.file()).succeeds();
        guest.must("load_patch " + module.file());
    }

    private void unload(BuiltModule module) {
        guest.must("unload_patch " + module.name());
    }
}
