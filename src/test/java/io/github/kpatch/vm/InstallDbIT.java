// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** The install DB, and what a boot makes of it. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class InstallDbIT {
    private final Guest guest;

    InstallDbIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
    }

    @Test
    void whatIsInstalledIsLoadedAtBootInVersionOrder() {
        guest.run("kpatch install $M/kpt-cumulative-10.ko").succeeds().prints("installing ");
        guest.run("kpatch install $M/kpt-cumulative-9.ko").succeeds();
        // a package that drops its file there itself
        guest.must("cp $M/kpt-cmdline-1.ko /var/lib/kpatch/$(uname -r)/");

        String service =
                guest.must("sed -n 's/^ExecStart=.*kpatch //p' target/kpatch/lib/systemd/system/kpatch.service");
        guest.run("kpatch " + service).succeeds();

        assertEquals("patched by kpt_cumulative_10", guest.must("cat /proc/cmdline"));
        // the service may be started again: what was replaced does not come back on top
        guest.run("kpatch " + service).succeeds().prints("is not loaded, as kpt_cumulative_10");
        assertEquals("patched by kpt_cumulative_10", guest.must("cat /proc/cmdline"));
        guest.run("kpatch list")
                .printsExactly(
                        "Loaded patch modules:",
                        "kpt_cumulative_10 [enabled]",
                        "",
                        "Installed patch modules:",
                        "kpt_cmdline_1 (" + guest.must("uname -r") + ")",
                        "kpt_cumulative_9 (" + guest.must("uname -r") + ")",
                        "kpt_cumulative_10 (" + guest.must("uname -r") + ")");
        guest.run("kpatch list --cve").succeeds().prints("CVE-2026-0001 [kpt_cumulative_10]");
    }

    @Test
    void oneBrokenModuleDoesNotKeepTheOthersFromBeingLoaded() {
        guest.must("mkdir /var/lib/kpatch/$(uname -r); cp $M/kpt-cmdline-*.ko /var/lib/kpatch/$(uname -r)/;"
                + " rm /var/lib/kpatch/$(uname -r)/kpt-cmdline-1b.ko;"
                + " truncate -s 3000 /var/lib/kpatch/$(uname -r)/kpt-cmdline-2.ko");

        guest.run("kpatch load --all").fails(1).tells("kpt-cmdline-2.ko").tells("1 of 3 patch modules");

        assertEquals("patched by kpt_cmdline_3", guest.must("cat /proc/cmdline"));
        guest.run("kpatch load --all").fails(1); // the second start finds the others loaded
    }

    @Test
    void whatSomebodyChangedIsToldAndNotLoaded() {
        guest.must("kpatch install $M/kpt-cmdline-1.ko");
        guest.run("kpatch verify").succeeds().prints("): is as it was installed");
        guest.must("(cd /var/lib/kpatch/$(uname -r) && sha256sum -c ../.kpatch/sha256/$(uname -r)/*.ko"
                + " && echo >>kpt-cmdline-1.ko)");
        guest.run("kpatch verify").fails(1).tells("kpt-cmdline-1.ko: is not what kpatch installed there");
        guest.run("kpatch load --all").fails(1).tells("kpt-cmdline-1.ko: is not what kpatch installed there");
        assertEquals("", guest.must("grep kpt_ /proc/modules || true"));
    }

    @Test
    void aFullDiskLeavesNoModule() {
        guest.must("mount -t tmpfs -o size=4k,mode=755 tmpfs /var/lib/kpatch");
        try {
            guest.run("kpatch install $M/kpt-cmdline-1.ko").fails(1).tells("No space left on device");
            assertEquals("", guest.must("find /var/lib/kpatch -name '*kpt*'"));
            guest.run("kpatch list").succeeds().doesNotPrint("kpt_cmdline_1");
        } finally {
            guest.must("umount /var/lib/kpatch");
        }
    }

    @Test
    void aKilledInstallLeavesAWholeModuleOrNone() {
        for (int i = 0; i < 3; i++) {
            guest.must("kpatch install $M/kpt-cmdline-1.ko & sleep 0." + (i * 3 + 1)
                    + "; wait_until test -e /var/lib/kpatch/.lock; kill -9 $!; wait; true");
            guest.must("f=/var/lib/kpatch/$(uname -r)/kpt-cmdline-1.ko; test ! -e $f || cmp $f $M/kpt-cmdline-1.ko");
        }
        guest.run("kpatch install $M/kpt-cmdline-1.ko").succeeds();
        assertEquals("kpt-cmdline-1.ko", guest.must("ls -A /var/lib/kpatch/$(uname -r)"));
    }

    @Test
    void anUninstalledModuleStaysLoaded() {
        guest.must("kpatch install $M/kpt-cmdline-1.ko; kpatch load kpt-cmdline-1.ko");
        guest.run("kpatch uninstall -k $(uname -r) kpt-cmdline-1.ko").succeeds().prints("uninstalling kpt_cmdline_1 (");
        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
        guest.run("kpatch list").doesNotPrint("kpt_cmdline_1 (");
        assertEquals("", guest.must("ls /var/lib/kpatch"));
        guest.run("kpatch unload kpt_cmdline_1").succeeds();
    }

    @Test
    void aScriptletOfAVendorFindsItsModuleEnabled() {
        guest.must("mkdir -p /tmp/kpt/v; cp $M/kpt-cmdline-1.ko /tmp/kpt/v/");
        String version = guest.must("env -i PATH=/usr/sbin:/usr/bin:$PATH sh -c '"
                + "kpatch install -k $(uname -r) /tmp/kpt/v/kpt-cmdline-1.ko >/dev/null && "
                + "kpatch load kpt-cmdline-1.ko >/dev/null && "
                + "kpatch list | sed -nr \"s/^kpt_cmdline_([0-9_]+)\\ \\[enabled\\]$/\\1/p\"' 2>&1");
        assertEquals("1", version);
    }
}
