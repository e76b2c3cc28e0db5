// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Patch modules in the initramfs, as Debian's own tools make it. */
class EarlyBootIT {
    private static final String KERNEL = "6.1";
    private static final Path DISK = Path.of("target", "it", "early.img");
    private static final Path INITRAMFS = Path.of("target", "it", "early-initramfs");

    /** Boots through the initramfs that the guest has made. */
    private static Guest boot(String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "--initrd";
        all[1] = INITRAMFS.toString();
        System.arraycopy(options, 0, all, 2, options.length);
        return Guest.bootDebian(KERNEL, DISK, all);
    }

    private static void takeInitramfs(Guest guest) {
        guest.must("cp /boot/initrd.img-$(uname -r) " + INITRAMFS + "; sync");
    }

    @Test
    void modulesAreLoadedBeforeTheRootFileSystemIsThere() throws IOException {
        Files.deleteIfExists(DISK);
        try (Guest debian = Guest.bootDebian(KERNEL, DISK)) {
            debian.must("dpkg -i target/kpatch_*.deb");
            // of as few modules as may be, which takes a minute less each time
            debian.must("sed -i 's/^MODULES=.*/MODULES=list/' /etc/initramfs-tools/initramfs.conf;"
                    + " touch /boot/initrd.img-$(uname -r)");
            debian.must("kpatch install $M/kpt-version-2.ko; mkdir -p /var/lib/kpatch/.kpatch/early;"
                    + " echo kpt-version-2.ko >/var/lib/kpatch/.kpatch/early/$(uname -r)");
            debian.run("kpatch install --early $M/kpt-version-1.ko")
                    .succeeds()
                    .prints("making the initramfs of kernel ");
            takeInitramfs(debian);
        }

        // the second replaces the first, which is removed from memory
        try (Guest early = boot()) {
            assertEquals("patched by kpt_version_2", early.must("cat /proc/version"));
            assertEquals("1", early.must("grep -c ^kpt_ /proc/modules"));
            String log = early.must("dmesg");
            assertTrue(log.contains("kpatch: loaded patch module kpt-version-1 from the initramfs"), log);
            assertTrue(
                    log.indexOf("kpatch: loaded patch module kpt-version-2") < log.indexOf("EXT4-fs (vda): mounted"),
                    log);
            assertEquals("active", early.must("systemctl is-active kpatch.service"));
            early.run("kpatch list").succeeds().prints("kpt_version_2 [enabled]");
            early.must("sync");
        }

        try (Guest forbidden = boot("--append", "kpatch.enable=0")) {
            forbidden.run("kpatch list").succeeds().doesNotPrint("enabled");

            // dracut's turn, which leaves out what does not have to be there, and strips what it takes for a module
            forbidden.must(
                    "dpkg -P --force-depends initramfs-tools initramfs-tools-core; rm /boot/initrd*;"
                            + " echo 'hostonly=yes dracutmodules+=\" base dracut-systemd kpatch \"' >/etc/dracut.conf.d/kpt.conf");
            forbidden.must("kpatch install $M/kpt-cmdline-1.ko; kpatch hold kpt-cmdline-1;"
                    + " kpatch install $M/kpt-cmdline-3.ko; echo >>/var/lib/kpatch/$(uname -r)/kpt-cmdline-3.ko;"
                    + " printf 'kpt-cmdline-%s.ko\\n' 1 3 >>/var/lib/kpatch/.kpatch/early/$(uname -r)");
            forbidden.run("kpatch uninstall kpt-version-2").succeeds().prints("making the initramfs of kernel ");
            takeInitramfs(forbidden);
        }

        try (Guest dracut = boot()) {
            assertEquals("patched by kpt_version_1", dracut.must("cat /proc/version"));
            assertEquals(
                    "1",
                    dracut.must("grep -c ^kpt_ /proc/modules"),
                    "of the other two one is on hold, and one not what was installed");
            assertTrue(dracut.must("dmesg").contains("kpatch: loaded patch module kpt-version-1 from the initramfs"));
            assertEquals("failed", dracut.must("systemctl is-active kpatch.service || true"));
        }
    }
}
