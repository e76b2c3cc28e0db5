// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.VmCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packages on a Debian that boots with its own systemd and has no Java. */
class PackagesIT {
    private static final String KERNEL = "6.1";
    private static final Path INSTALLED = Path.of("target", "it", "installed.img");

    /** As rpm and dpkg call scriptlets: no terminal, no home, a bare environment. */
    private static final String SCRIPTLET = "env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C setsid ";

    @BeforeAll
    static void installThePackage() throws IOException {
        Files.createDirectories(Path.of("target", "it"));
        Files.deleteIfExists(INSTALLED);
        try (Guest debian = Guest.bootDebian(KERNEL, INSTALLED)) {
            assertEquals("", debian.must("command -v java || true"));
            debian.must("dpkg -i target/kpatch_*.deb");
            debian.must("sync");
        }
    }

    /** A disk of its own, on which the package has been installed. */
    private static Guest boot(String... options) throws IOException {
        Path disk = Path.of("target", "it", "disk-" + System.nanoTime() + ".img");
        Process copy = new ProcessBuilder("cp", "--sparse=always", INSTALLED.toString(), disk.toString()).start();
        try {
            assertEquals(0, copy.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        disk.toFile().deleteOnExit();
        return Guest.bootDebian(KERNEL, disk, options);
    }

    /** Boots what a guest has left on its disk once more. */
    private static Guest again(Guest guest, String... options) {
        guest.must("sync");
        guest.close();
        return Guest.bootDebian(KERNEL, guest.disk(), options);
    }

    @Test
    void installedModulesAreLoadedAtBootUnlessTheKernelCommandLineForbidsIt() throws IOException {
        Guest first = boot();
        first.run(SCRIPTLET + "kpatch install $M/kpt-cmdline-1.ko").succeeds().prints("installing ");
        assertEquals("enabled", first.must("systemctl is-enabled kpatch.service"));

        Guest second = again(first);
        assertEquals("patched by kpt_cmdline_1", second.must("cat /proc/cmdline"));
        assertEquals("active", second.must("systemctl is-active kpatch.service"));
        second.must("systemd-analyze security --threshold=35 kpatch.service"); // "OK", of 100
        second.must("systemctl restart kpatch.service");
        String onTrial = "cat /var/lib/kpatch/.kpatch/guard/*/*";
        assertTrue(second.must(onTrial).startsWith("LOADED "), "the boot has not been taken for gone well yet");
        // an orderly shutdown in the first minute is no crash
        second.must("systemctl stop kpatch.service");
        assertEquals("", second.must("find /var/lib/kpatch/.kpatch/guard -type f"));
        second.run("kpatch list").succeeds().prints("kpt_cmdline_1 [enabled]");

        try (Guest third = again(second, "--append", "kpatch.enable=0")) {
            third.run("kpatch list").succeeds().doesNotPrint("enabled").prints("kpt_cmdline_1 (");
            assertEquals("inactive", third.must("systemctl is-active kpatch.service || true"));
        }
    }

    /** What they write gets out of their sandboxes. */
    @Test
    void theBootIsInTheSystemsLogAndTheMetricsAreInTheirFile() throws IOException {
        Guest first = boot();
        first.must("kpatch install $M/kpt-cmdline-1.ko; mkdir -p /var/lib/prometheus/node-exporter");

        try (Guest second = again(first)) {
            String log = second.must("journalctl -b -t kpatch SYSLOG_FACILITY=10 -o cat"); // authpriv
            assertTrue(
                    log.matches("(?s).*action=load module=kpt_cmdline_1 .* outcome=done .* unit=kpatch.service.*"),
                    log);

            second.run("kpatch status").succeeds().prints("            it loaded 1 patch module at 20");

            second.must("insmod $M/kpt_target.ko; echo kthread >/proc/kpt_target; sleep 0.5");
            second.must("kpatch load --no-wait $M/kpt-stall.ko");
            second.must("systemctl start kpatch-metrics.service");
            String metrics = second.must("cat /var/lib/prometheus/node-exporter/kpatch.prom");
            assertTrue(metrics.contains("kpatch_module_enabled{module=\"kpt_cmdline_1\"} 1\n"), metrics);
            assertTrue(metrics.contains("kpatch_transition_tasks 1\n"), metrics);
            assertTrue(metrics.contains("kpatch_transition_start_time_seconds "), metrics);
            assertTrue(metrics.endsWith("# EOF"), metrics);
            assertEquals("", second.must("journalctl -b -u kpatch-metrics.service -t kpatch -o cat"));
            second.must("systemd-analyze security --threshold=35 kpatch-metrics.service");
        }
    }

    @Test
    void oneBrokenModuleFailsTheServiceAndNotTheOthersAndOneOnHoldStaysOut() throws IOException {
        Guest first = boot();
        first.must("kpatch install $M/kpt-cmdline-1.ko; kpatch install $M/kpt-cmdline-3.ko;"
                + " kpatch install $M/kpt-version-1.ko; kpatch hold kpt_version_1;"
                + " rm /var/lib/kpatch/.kpatch/sha256/*/kpt-cmdline-1.ko;"
                + " truncate -s 3000 /var/lib/kpatch/$(uname -r)/kpt-cmdline-1.ko");

        try (Guest second = again(first)) {
            assertEquals("patched by kpt_cmdline_3", second.must("cat /proc/cmdline"));
            assertEquals("failed", second.must("systemctl is-active kpatch.service || true"));
            String journal = second.must("journalctl -b -u kpatch.service -o cat");
            assertTrue(journal.contains("kpt-cmdline-1.ko: is truncated"), journal);
            assertTrue(journal.contains("1 of 3 patch modules could not be loaded (kpt-cmdline-1.ko)"), journal);
            assertTrue(journal.contains("kpt_version_1 is on hold and not loaded"), journal);
            second.run("kpatch list").succeeds().doesNotPrint("kpt_version_1 [");
        }
    }

    /** A boot that ends in a panic, before a command is run or soon after. */
    private static void dies(Guest guest) {
        guest.must("sync");
        guest.close();
        assertThrows(
                RuntimeException.class,
                () -> Guest.bootDebian(KERNEL, guest.disk()).run("sleep 60"));
    }

    @Test
    void aModuleThatPanicsAtBootIsNotLoadedAtTheNextOne() throws IOException {
        Guest first = boot();
        first.must("kpatch install $M/kpt-cmdline-1.ko; kpatch install $M/kpt-panic.ko");
        dies(first);

        Guest after = Guest.bootDebian(KERNEL, first.disk());
        assertEquals("patched by kpt_cmdline_1", after.must("cat /proc/cmdline"));
        assertEquals("failed", after.must("systemctl is-active kpatch.service || true"));
        String journal = after.must("journalctl -b -u kpatch.service -o cat");
        assertTrue(journal.contains("kpt-panic.ko: is held back"), journal);
        Outcome list = after.run("kpatch list");
        assertEquals(0, list.status(), list::toString);
        list.prints("kpt_cmdline_1 [enabled]").tells("kpt-panic.ko: is held back");
        assertEquals(".kpatch", after.must("ls -A /var/lib/kpatch | grep -v '^6' | grep -v lock"));

        after.must("kpatch uninstall kpt-panic; kpatch guard --all-clear");
        after.run("kpatch list").succeeds();
        try (Guest last = again(after)) {
            assertEquals("active", last.must("systemctl is-active kpatch.service"));
        }
    }

    @Test
    void aModuleThatPanicsSoonAfterIsNotLoadedAtTheNextBoot() throws IOException {
        Guest first = boot();
        first.must("kpatch install $M/kpt-panic-later.ko");
        dies(first);

        try (Guest after = Guest.bootDebian(KERNEL, first.disk())) {
            assertEquals("", after.must("grep kpt_ /proc/modules || true"));
            after.run("kpatch guard").succeeds().prints("kpt-panic-later.ko: is held back");
            after.must("systemctl stop kpatch.service"); // the all-clear for this boot, and not for the one before
            after.run("kpatch guard").succeeds().prints("kpt-panic-later.ko: is held back");
        }
    }

    @Test
    void whatABootThatWasCutOffHoldsBackIsLoadedByItsName() throws IOException {
        Guest first = boot();
        first.must("kpatch install $M/kpt-cmdline-1.ko");
        Guest cutOff = again(first);
        cutOff.run("kpatch list").succeeds().prints("kpt_cmdline_1 [enabled]");

        try (Guest after = again(cutOff)) { // which had no all-clear
            assertEquals("failed", after.must("systemctl is-active kpatch.service || true"));
            assertEquals("", after.must("grep kpt_ /proc/modules || true"));
            after.run("kpatch status").succeeds().prints("kpt-cmdline-1.ko: is held back");
            after.run("kpatch check --running").fails(1).tells("kpt-cmdline-1.ko");
            after.run("kpatch load kpt_cmdline_1").succeeds();
            after.run("kpatch guard").succeeds().prints("no patch module is held back");
            after.run("kpatch list").succeeds().prints("kpt_cmdline_1 [enabled]");
            after.run("kpatch check --running").succeeds();
        }
    }

    /** Packages of a patch module, 1-1 and 1-2, as rpm(8) installs them. */
    @Test
    void vendorsScriptletsInstallLoadAndUpgrade() throws IOException {
        try (Guest guest = boot()) {
            String build = "rpmbuild -bb --define \"_topdir /tmp/rpm\" --define \"kernel $(uname -r)\""
                    + " --define \"modules $M\" --define 'release %s' --define 'number %s' src/test/guest/patch-module.spec";
            guest.must(build.formatted("1", "9") + " && " + build.formatted("2", "10"));
            String packages = "/tmp/rpm/RPMS/x86_64/kpatch-patch-test-1-";

            guest.must(SCRIPTLET + "rpm -i --nodeps " + packages + "1.x86_64.rpm");
            assertEquals("kpt_cumulative_9", guest.must("cat /tmp/enabled"));

            guest.must(SCRIPTLET + "rpm -U --nodeps " + packages + "2.x86_64.rpm");
            assertEquals("kpt_cumulative_10", guest.must("cat /tmp/enabled"));
            assertEquals("patched by kpt_cumulative_10", guest.must("cat /proc/cmdline"));
            assertEquals("kpt-cumulative-10.ko", guest.must("ls /var/lib/kpatch/$(uname -r)"));

            guest.must(SCRIPTLET + "rpm -e kpatch-patch-test");
            assertEquals("", guest.must("find /var/lib/kpatch -name '*.ko'"));
            guest.run("kpatch list").succeeds().prints("kpt_cumulative_10 [enabled]");
            // nothing is unpacked anywhere: no home, a read-only root, and no programs in /tmp
            String bare = "unshare -m sh -c 'mount -t tmpfs -o noexec none /tmp; mount -o remount,bind,ro /; exec "
                    + SCRIPTLET + "kpatch \"$@\"' sh ";
            guest.run(bare + "unload kpt_cumulative_10").succeeds().prints("unloading patch module");
            guest.run(bare + "list").succeeds().doesNotPrint("enabled");
        }
    }

    /** Debian's own package, the bash utility. It cannot load here: that takes readelf, which it does not depend on. */
    @Test
    void itTakesThePlaceOfTheDistributionsPackage() throws IOException {
        Path theirs = VmCache.directory().resolve("debian");
        try (Guest guest = boot("--share", theirs.toString())) {
            guest.must("dpkg -P kpatch; rm -rf /var/lib/kpatch; dpkg -i " + theirs + "/kpatch.deb");
            assertTrue(guest.must("file=$(command -v kpatch); head -c 14 $file").startsWith("#!/bin/bash"));
            guest.must("kpatch install $M/kpt-cmdline-1.ko; insmod /var/lib/kpatch/$(uname -r)/kpt-cmdline-1.ko");
            String before = guest.must("kpatch list");
            assertTrue(before.contains("kpt_cmdline_1 [enabled]"), before);

            guest.must("dpkg -i target/kpatch_*.deb");

            assertEquals(before, guest.must("kpatch list"));
            assertEquals("enabled", guest.must("systemctl is-enabled kpatch.service"));
            guest.must("systemctl restart kpatch.service");
            guest.run("kpatch unload kpt_cmdline_1").succeeds().prints("unloading patch module: kpt_cmdline_1");
            assertEquals("", guest.must("dpkg --verify kpatch"));
        }
    }

    @Test
    void anUpgradeKeepsWhatIsLoadedInstalledAndEnabled() throws IOException {
        try (Guest guest = boot()) {
            guest.must("dpkg-deb -R target/kpatch_*.deb /tmp/older;"
                    + " sed -i 's/^Version: .*/Version: 0.9.99/' /tmp/older/DEBIAN/control;"
                    + " echo gone >/tmp/older/usr/lib/kpatch/gone.jar; dpkg-deb -Znone -b /tmp/older /tmp/older.deb;"
                    + " dpkg -P kpatch; dpkg -i /tmp/older.deb");
            guest.must("kpatch install $M/kpt-cmdline-1.ko; kpatch load kpt-cmdline-1.ko");
            String archive = guest.must("stat -c %i /usr/lib/kpatch/kpatch.jsa");

            guest.must("dpkg -i target/kpatch_*.deb");

            guest.run("kpatch list").succeeds().prints("kpt_cmdline_1 [enabled]");
            assertEquals("enabled", guest.must("systemctl is-enabled kpatch.service"));
            assertEquals("kpt-cmdline-1.ko", guest.must("ls /var/lib/kpatch/$(uname -r)"));
            guest.must("test -s /usr/lib/kpatch/kpatch.jsa; ! test -e /usr/lib/kpatch/gone.jar");
            assertNotEquals(archive, guest.must("stat -c %i /usr/lib/kpatch/kpatch.jsa"));
        }
    }

    @Test
    void removalKeepsTheInstallDbAndSoDoesPurge() throws IOException {
        try (Guest guest = boot()) {
            guest.must("kpatch install $M/kpt-cmdline-1.ko; dpkg -i target/kpatch_*.deb; kpatch list");
            guest.must("dpkg -r kpatch");
            assertEquals("", guest.must("find /usr/lib/kpatch /usr/sbin/kpatch 2>/dev/null || true"));
            guest.must("ls /var/lib/kpatch/$(uname -r)/kpt-cmdline-1.ko");
            guest.must("dpkg -P kpatch </dev/null");
            guest.must("ls /var/lib/kpatch/$(uname -r)/kpt-cmdline-1.ko");
            assertEquals("", guest.must("find /etc/systemd -name 'kpatch*'"));
        }
    }

    @Test
    void theRpmInstallsBootsVerifiesAndGoesWithoutATrace() throws IOException {
        Guest first = boot();
        first.must("dpkg -P kpatch");
        first.must("rpm -i --nodeps target/kpatch-*.rpm");
        first.run("kpatch list").succeeds().prints("Installed patch modules:");
        first.run("kpatch install $M/kpt-cmdline-1.ko").succeeds();

        try (Guest guest = again(first)) {
            assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
            guest.run("kpatch unload --all").succeeds();
            guest.run("kpatch load kpt_cmdline_1").succeeds();
            assertEquals("", guest.must("rpm -V --nodeps kpatch"));
            guest.must("test -s /usr/lib/kpatch/kpatch.jsa");
            String provided = guest.must("rpm -q --provides kpatch");
            assertTrue(provided.matches("(?s).*kpatch-runtime = \\d+\\.\\d+\\.\\d+.*"), provided);
            // into another root, where its scriptlets are run as well
            guest.must("mkdir -p /tmp/root /tmp/layer; mount -t tmpfs layer /tmp/layer; mkdir /tmp/layer/{upper,work};"
                    + " mount -t overlay -o lowerdir=/,upperdir=/tmp/layer/upper,workdir=/tmp/layer/work root /tmp/root;"
                    + " rpm --root /tmp/root -e kpatch; rpm --root /tmp/root -i --nodeps $PWD/target/kpatch-*.rpm");
            assertTrue(guest.must("chroot /tmp/root kpatch version").matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"));
            guest.must("test -s /tmp/root/usr/lib/kpatch/kpatch.jsa");
            // another version in its place: the old one's scriptlets are run after the new one's
            guest.must("rpm -U --nodeps --replacepkgs target/kpatch-*.rpm; test -s /usr/lib/kpatch/kpatch.jsa");
            guest.must("rpm -e kpatch");
            assertEquals("", guest.must("find /usr/lib/kpatch /usr/sbin/kpatch 2>/dev/null || true"));
            guest.must("ls /var/lib/kpatch/$(uname -r)/kpt-cmdline-1.ko");
        }
    }
}
