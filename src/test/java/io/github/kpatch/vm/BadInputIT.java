// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** What cannot be loaded: one clear sentence, a status, and a kernel as it was. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class BadInputIT {
    private final Guest guest;

    BadInputIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
    }

    @Test
    void filesThatAreNoPatchModules() {
        guest.must("cd /tmp/kpt; mkdir directory; : >empty.ko; echo text >text.ko; head -c 5000 $M/kpt-cmdline-1.ko"
                + " >short.ko; cp /bin/true program.ko; mkfifo fifo.ko; cd - >/dev/null");
        guest.run("kpatch load /tmp/kpt/missing.ko").fails(3);
        guest.run("kpatch load /tmp/kpt/directory").fails(4).tells("directory");
        guest.run("kpatch load /tmp/kpt/empty.ko").fails(4).tells("empty");
        guest.run("kpatch load /tmp/kpt/text.ko").fails(4).tells("ELF");
        guest.run("kpatch load /tmp/kpt/short.ko").fails(4);
        guest.run("kpatch load /tmp/kpt/program.ko").fails(4).tells("kernel module");
        guest.run("kpatch load /tmp/kpt/fifo.ko").fails(4).tells("regular file");
        guest.run("kpatch load $M/kpt_target.ko").fails(4).tells("not a patch module");
        nothingIsLoaded();
    }

    @Test
    void aModuleForAnotherKernel() {
        String other = guest.kernel().equals("6.1") ? "6.12" : "6.1";
        Guest.modulesFor(other);
        guest.run("kpatch load " + Guest.modules(other) + "/kpt-cmdline-1.ko")
                .fails(4)
                .tells("is built for kernel " + other + ".")
                .tells("the running kernel is " + guest.must("uname -r"));
        guest.run("kpatch install " + Guest.modules(other) + "/kpt-cmdline-1.ko")
                .fails(4);
        nothingIsLoaded();
    }

    @Test
    void usersWithoutPermission() {
        // the project may lie where nobody else may look, such as in root's home
        guest.must("cp $M/kpt-cmdline-1.ko /tmp/kpt/; chmod 644 /tmp/kpt/*; cp -r target/kpatch /tmp/kpt/program;"
                + " chmod 755 /tmp/kpt");
        String asNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all"
                + " /tmp/kpt/program/sbin/kpatch ";
        guest.run(asNobody + "load /tmp/kpt/kpt-cmdline-1.ko").fails(7);
        guest.run(asNobody + "unload --all").fails(7);
        guest.run(asNobody + "install /tmp/kpt/kpt-cmdline-1.ko").fails(7);
        guest.run(asNobody + "list").succeeds();
        guest.run(asNobody + "status").succeeds();
        guest.run(asNobody + "check /tmp/kpt/kpt-cmdline-1.ko")
                .succeeds()
                .prints("  skip  tracing     which functions ftrace can redirect is shown to root only")
                .prints("  pass  functions   the one that it patches is there")
                .prints("  warn  loading     modules can be loaded, but not by this user");
        nothingIsLoaded();
    }

    @Test
    void aDbThatOthersMayWriteTo() {
        guest.must("kpatch install $M/kpt-cmdline-1.ko; chmod 777 /var/lib/kpatch");
        guest.run("kpatch load --all").fails(4).tells("/var/lib/kpatch").tells("chmod go-w");
        guest.run("kpatch load kpt-cmdline-1").fails(4);
        guest.run("kpatch install $M/kpt-cmdline-2.ko").fails(4);
        nothingIsLoaded();
    }

    @Test
    void aKernelWithoutLivepatch() {
        guest.run("unshare -m sh -c 'mount -t tmpfs tmpfs /sys/kernel; kpatch load $0' $M/kpt-cmdline-1.ko")
                .fails(4)
                .tells("no livepatch");
        nothingIsLoaded();
    }

    private void nothingIsLoaded() {
        assertEquals("", guest.must("grep kpt_ /proc/modules || true"));
    }
}
