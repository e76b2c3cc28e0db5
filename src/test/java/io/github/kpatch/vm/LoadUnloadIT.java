// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.kpatch.testing.FakeCompression;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** The main job: a patch module goes into the running kernel, changes a function, and comes out again. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class LoadUnloadIT {
    private final Guest guest;

    LoadUnloadIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
    }

    @Test
    void aLoadedModuleChangesTheFunctionUntilItIsUnloaded() {
        String before = guest.must("cat /proc/cmdline");

        guest.run("kpatch load $M/kpt-cmdline-1.ko").succeeds().prints("loading patch module: ");

        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
        guest.run("kpatch list --functions")
                .succeeds()
                .printsExactly(
                        "Loaded patch modules:",
                        "kpt_cmdline_1 [enabled]",
                        "",
                        "Installed patch modules:",
                        "",
                        "Patched functions:",
                        "vmlinux: cmdline_proc_show [kpt_cmdline_1]");
        guest.run("kpatch unload kpt_cmdline_1").succeeds().prints("unloading patch module: kpt_cmdline_1");
        assertEquals(before, guest.must("cat /proc/cmdline"));
        assertEquals("", guest.must("grep kpt_ /proc/modules || true"));
    }

    @Test
    void aFileIsWhateverItIsCalledAndItsModuleIsWhatItsElfSays() {
        guest.must("cp $M/kpt-cmdline-1.ko /tmp/kpt/hotfix.bin; cp $M/kpt-cmdline-1.ko /tmp/kpt/other-name.ko");

        guest.run("kpatch load /tmp/kpt/hotfix.bin").succeeds();
        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
        guest.run("kpatch unload /tmp/kpt/other-name.ko").succeeds();
        assertEquals("", guest.must("grep kpt_ /proc/modules || true"));
    }

    @Test
    void everyNameThatListPrintsIsAccepted() {
        guest.run("kpatch install $M/kpt-cmdline-1.ko").succeeds();
        guest.run("kpatch load kpt-cmdline-1").succeeds();
        guest.run("kpatch load kpt_cmdline_1.ko").succeeds().prints("already loaded");
        guest.run("kpatch info kpt_cmdline_1").succeeds().prints("vermagic:");
        guest.run("kpatch unload kpt_cmdline_1.ko").succeeds();
        guest.run("kpatch uninstall kpt_cmdline_1").succeeds();
        guest.run("kpatch load kpt_cmdline_1").fails(3).tells("no such patch module");
    }

    @Test
    void statusTellsWhatIsLoadedAndWhetherItIsWhatIsInstalled() {
        guest.must("kpatch load $M/kpt-many.ko; kpatch install $M/kpt-cmdline-1.ko; kpatch load kpt-cmdline-1");
        guest.run("kpatch status")
                .succeeds()
                .prints("Kernel      " + guest.must("uname -r") + ", with livepatch")
                .prints("E: an unsigned module was loaded")
                .prints("Loaded, from the top of the stack down:")
                .prints("  kpt_cmdline_1  enabled, 1 function; is installed")
                .prints("  kpt_many       enabled, 5 functions; is not installed: gone after a boot")
                .prints("                 patches kpt_target once that is loaded");
        guest.must("cp $M/kpt-cmdline-1b.ko /var/lib/kpatch/$(uname -r)/kpt-cmdline-1.ko");
        guest.run("kpatch status")
                .prints("kpt_cmdline_1  enabled, 1 function; another module of that name is installed");
    }

    @Test
    void threeStackedModulesAreUnloadedFromTheTopInOnePass() {
        guest.must("for n in 1 2 3; do kpatch load $M/kpt-cmdline-$n.ko; done");
        assertEquals("patched by kpt_cmdline_3", guest.must("cat /proc/cmdline"));
        guest.run("kpatch list --functions")
                .prints("kpt_cmdline_1 [enabled]\nkpt_cmdline_2 [enabled]\nkpt_cmdline_3 [enabled]\n\n")
                .prints("\nPatched functions:\nvmlinux: cmdline_proc_show [kpt_cmdline_3]\n");

        String order = guest.run("kpatch unload --all").succeeds().out();

        assertEquals(
                "kpt_cmdline_3 kpt_cmdline_2 kpt_cmdline_1",
                String.join(
                        " ",
                        order.lines()
                                .filter(line -> line.startsWith("unloading patch module: "))
                                .map(line -> line.substring("unloading patch module: ".length()))
                                .toList()));
        assertNotEquals("patched", guest.must("cut -c1-7 /proc/cmdline"));
    }

    @Test
    void aCumulativeModuleTakesOverAndWhatItReplacedIsRemoved() {
        guest.must("kpatch load $M/kpt-cmdline-1.ko; kpatch load $M/kpt-cumulative-9.ko");
        assertEquals("kpt_cumulative_9", guest.must("awk '/^kpt_/ { print $1 }' /proc/modules"));

        guest.run("kpatch load $M/kpt-cumulative-10.ko").succeeds().prints("kpt_cumulative_9, which was replaced");

        assertEquals("patched by kpt_cumulative_10", guest.must("cat /proc/cmdline"));
        assertEquals("kpt_cumulative_10", guest.must("awk '/^kpt_/ { print $1 }' /proc/modules"));
    }

    @Test
    void waitRemovesWhatWasReplacedWhileNobodyWaited() {
        guest.must("kpatch load $M/kpt-cmdline-1.ko; kpatch load --no-wait $M/kpt-cumulative-9.ko");

        guest.run("kpatch wait").succeeds();

        assertEquals("kpt_cumulative_9", guest.must("awk '/^kpt_/ { print $1 }' /proc/modules"));
    }

    @Test
    void whatAReplacementLeftInMemoryIsLoadedAnewOrSweptByUnloadAll() {
        guest.must("insmod $M/kpt-cmdline-1.ko; insmod $M/kpt-cmdline-2.ko;"
                + " wait_until grep -q 0 /sys/kernel/livepatch/kpt_cmdline_2/transition; insmod $M/kpt-cumulative-9.ko;"
                + " wait_until test ! -e /sys/kernel/livepatch/kpt_cmdline_1");

        guest.run("kpatch load $M/kpt-cmdline-1.ko").succeeds();
        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
        guest.run("kpatch unload --all").succeeds().prints("unloading patch module: kpt_cmdline_2");
        assertEquals("", guest.must("grep kpt_ /proc/modules || true"));
    }

    @Test
    void aLoadWhileTheSameModuleIsBeingDisabledEnablesItAgain() {
        guest.must("insmod $M/kpt_target.ko; insmod $M/kpt-stall.ko;"
                + " wait_until grep -q 0 /sys/kernel/livepatch/kpt_stall/transition;"
                + " echo kthread >/proc/kpt_target; sleep 0.5; echo 0 >/sys/kernel/livepatch/kpt_stall/enabled");
        assertEquals("0/1", guest.must("patch_state kpt_stall"));

        guest.run("kpatch load $M/kpt-stall.ko").succeeds().prints("enabling it again");

        assertEquals("1/0", guest.must("patch_state kpt_stall"));
    }

    @Test
    void anotherModuleOfTheSameNameIsNotTakenForTheLoadedOne() {
        guest.must("kpatch load $M/kpt-cmdline-1.ko");
        guest.run("kpatch load $M/kpt-cmdline-1b.ko").fails(4).tells("another patch module named kpt_cmdline_1");
    }

    @Test
    void aTargetModuleThatIsNotThereIsSaidAndPatchedWhenItComes() {
        guest.run("kpatch load $M/kpt-many.ko").succeeds().prints("the module kpt_target is not loaded");
        guest.run("kpatch list --functions").doesNotPrint("kpt_target_greeting");
        guest.must("insmod $M/kpt_target.ko");
        guest.run("kpatch list --functions").prints("kpt_target: kpt_target_greeting [kpt_many]");
    }

    @Test
    void aModuleTheKernelIsTooBusyForIsTriedAgain() {
        guest.must("insmod $M/kpt_target.ko");
        guest.run("kpatch load $M/kpt-busy.ko").succeeds();
        assertEquals("3", guest.must("cat /sys/module/kpt_target/parameters/attempts"));
    }

    @Test
    void whatTheKernelSaysIsShownWithItsRefusal() {
        guest.run("kpatch load $M/kpt-badfunc.ko").fails(5).tells("EINVAL").tells("kpt_no_such_function");
        guest.run("kpatch load $M/kpt-nosym.ko").fails(5).tells("ENOENT").tells("Unknown symbol kpt_no_such_symbol");
        guest.run("kpatch load $M/kpt-initfail.ko").fails(5).tells("ENODEV");
        assertEquals("", guest.must("grep kpt_ /proc/modules || true"));
    }

    @Test
    void withFtraceOffNothingIsLoaded() {
        Outcome off = guest.run("echo 0 >/proc/sys/kernel/ftrace_enabled");
        if (off.status() != 0) {
            off.tells("Operation not supported"); // Linux 7 does not let anybody do that any more
            return;
        }
        guest.run("kpatch load $M/kpt-cmdline-1.ko").fails(4).tells("kernel.ftrace_enabled");
        assertEquals("", guest.must("grep kpt_ /proc/modules || true"));
    }

    @Test
    void aCompressedFileIsLoadedToo() {
        guest.must("xz -k -c $M/kpt-cmdline-1.ko >/tmp/kpt/kpt-cmdline-1.ko.xz;"
                + " gzip -c $M/kpt-cmdline-2.ko >/tmp/kpt/kpt-cmdline-2.ko.gz");
        guest.run("kpatch load /tmp/kpt/kpt-cmdline-1.ko.xz").succeeds();
        guest.run("kpatch load /tmp/kpt/kpt-cmdline-2.ko.gz").succeeds();
        assertEquals("patched by kpt_cmdline_2", guest.must("cat /proc/cmdline"));
    }

    @Test
    void zstdIsUnpackedByTheLibraryOfTheSystem() throws Exception {
        Path packed = Path.of("target/kpt-cmdline-1.ko.zst");
        Files.write(
                packed,
                FakeCompression.zstd(
                        Files.readAllBytes(Guest.modules(guest.kernel()).resolve("kpt-cmdline-1.ko"))));
        guest.run("kpatch load " + packed).succeeds();
        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
    }

    @Test
    void whatTheKernelUnpacksItselfIsLeftToIt() {
        guest.must("xz -k -c --check=crc32 $M/kpt-cmdline-1.ko >/tmp/kpt/kpt-cmdline-1.ko.xz");
        boolean unpacks = guest.must("cat /sys/module/compression || true").equals("xz");
        guest.run("kpatch load -v -v /tmp/kpt/kpt-cmdline-1.ko.xz")
                .tells(unpacks ? "finit_module(/tmp/kpt/kpt-cmdline-1.ko.xz, 4)" : "init_module(");
        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
    }

    @Test
    void twoLoadsAtOnceDoNotRace() {
        guest.must("kpatch load $M/kpt-cmdline-1.ko & first=$!; kpatch load $M/kpt-cmdline-1.ko; second=$?;"
                + " wait $first && test $second = 0");
        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
    }

    @Test
    void afterAKilledLoadTheNextOneFinishesTheJob() {
        guest.must("kpatch load $M/kpt-cmdline-1.ko & wait_until grep -q kpt_cmdline_1 /proc/modules; kill -9 $!;"
                + " wait; true");
        guest.run("kpatch load $M/kpt-cmdline-1.ko").succeeds();
        assertEquals("patched by kpt_cmdline_1", guest.must("cat /proc/cmdline"));
        guest.run("kpatch unload --all").succeeds();
    }
}
