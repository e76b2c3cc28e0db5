// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** What {@code kpatch check} foretells is what the kernel does. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class CheckIT {
    private final Guest guest;

    CheckIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
    }

    @Test
    void whatCanBeLoadedPassesAndIsLoaded() {
        guest.run("kpatch check $M/kpt-many.ko")
                .succeeds()
                .prints("  pass  kernel      built for ")
                .prints("modversions")
                .prints("of them compared by checksum")
                .prints("  pass  functions   all 3 are there")
                .prints("  pass  tracing     ftrace can redirect what is there")
                .prints("  warn  objects     patched now: vmlinux; when they are loaded: kpt_target")
                .prints("  pass  stack       no other patch module is loaded");
        guest.run("cat /sys/kernel/livepatch/*/enabled").doesNotPrint("1");

        guest.must("insmod $M/kpt_target.ko; kpatch load $M/kpt-many.ko");
        guest.run("kpatch check $M/kpt-cumulative-9.ko")
                .succeeds()
                .prints("  pass  stack       takes the place of kpt_many (replace)");
        guest.must("kpatch load $M/kpt-cumulative-9.ko");
    }

    @Test
    void whatTheKernelWouldRefuseFails() {
        guest.run("kpatch check $M/kpt-badfunc.ko")
                .fails(4)
                .tells("cannot be loaded into this kernel (functions)")
                .prints("  FAIL  functions   patches what is not in this kernel: vmlinux: kpt_no_such_function;");
        guest.run("kpatch load $M/kpt-badfunc.ko").fails(5).tells("(EINVAL): functions: patches what is not in this");

        guest.run("kpatch check $M/kpt-nosym.ko")
                .fails(4)
                .tells("(symbols)")
                .prints("  FAIL  symbols     needs what neither the kernel nor a loaded module exports:"
                        + " kpt_no_such_symbol;");
        guest.run("kpatch load $M/kpt-nosym.ko").fails(5).tells("(ENOENT): symbols: needs what neither");
        // a module that another one has to come before
        guest.run("kpatch check $M/kpt-busy.ko").fails(4).prints("kpt_target_attempt");
        guest.must("insmod $M/kpt_target.ko");
        guest.run("kpatch check $M/kpt-busy.ko").succeeds();
    }

    @Test
    void aProbeOnAPatchedFunctionIsSeen() {
        guest.must("echo 'p:kpt/probe cmdline_proc_show' >/sys/kernel/tracing/kprobe_events;"
                + " echo 1 >/sys/kernel/tracing/events/kpt/enable");
        try {
            guest.run("kpatch check $M/kpt-cmdline-1.ko")
                    .succeeds()
                    .prints("  warn  tracers     kprobes on vmlinux: cmdline_proc_show");
        } finally {
            guest.must("echo 0 >/sys/kernel/tracing/events/kpt/enable; echo >/sys/kernel/tracing/kprobe_events");
        }
    }
}
