// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** The two sysfs layouts of the old core module, served by a stand-in for it, with upstream livepatch out of sight. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class CoreModuleIT {
    private final Guest guest;

    CoreModuleIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
    }

    @Test
    void theNewerLayout() {
        guest.must("insmod $M/kpatch.ko layout=0.4");
        loadDisableEnableAndUnload();
    }

    @Test
    void theOlderLayout() {
        guest.must("insmod $M/kpatch.ko layout=old");
        loadDisableEnableAndUnload();
    }

    private void loadDisableEnableAndUnload() {
        guest.run("without_livepatch kpatch load $M/kpatch-old-1.ko").succeeds().prints("loading patch module: ");
        guest.run("without_livepatch kpatch load $M/kpatch-old-2.ko").succeeds();
        guest.run("without_livepatch kpatch list --functions")
                .prints("kpatch_old_1 [enabled]\nkpatch_old_2 [enabled]\n")
                .prints("_proc_show [kpatch_old_2]");
        guest.must("echo 0 >$(find /sys/kernel/kpatch -path '*kpatch_old_2/enabled')");
        guest.run("without_livepatch kpatch list").prints("kpatch_old_2 [disabled]");
        guest.run("without_livepatch kpatch load $M/kpatch-old-2.ko").succeeds().prints("enabling it again");
        guest.run("without_livepatch kpatch load $M/kpatch-old-1b.ko").fails(4).tells("checksum");
        guest.run("without_livepatch kpatch unload kpatch-old-1").succeeds();
        guest.run("without_livepatch kpatch unload --all").succeeds();
        assertEquals("", guest.must("grep kpatch_old /proc/modules || true"));
        guest.must("rmmod kpatch");
    }

    @Test
    void theCoreModuleIsLoadedFirstWhereTheKernelHasNothing() {
        guest.must("mkdir -p /usr/lib/kpatch/$(uname -r); cp $M/kpatch.ko /usr/lib/kpatch/$(uname -r)/");
        guest.run("without_livepatch kpatch load $M/kpatch-old-1.ko").succeeds();
        guest.run("without_livepatch kpatch unload --all").succeeds();
    }
}
