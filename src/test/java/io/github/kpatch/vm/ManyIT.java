// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Many processes of the program, many patch modules, many tasks. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(FirstGuest.class)
class ManyIT {
    private final Guest guest;

    ManyIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
    }

    /** Runs a command that has to succeed, tells how long it took, and gives what it printed. */
    private String timed(String command) {
        String seconds = guest.must("TIMEFORMAT=%R; { time " + command + " >/tmp/kpt/out 2>/tmp/kpt/err; } 2>&1");
        System.out.println(guest + ": " + command + ": " + seconds + " seconds");
        assertTrue(Double.parseDouble(seconds) < 60, () -> command + " took " + seconds + " seconds");
        return guest.must("cat /tmp/kpt/out");
    }

    @Test
    void ofTwentyProcessesAtOnceEachDoesItsWork() {
        guest.must("insmod $M/kpt-cmdline-3.ko; wait_until grep -q 0 /sys/kernel/livepatch/kpt_cmdline_3/transition");
        guest.must("""
                at_once() { for i in $(seq "$1"); do { kpatch "${@:2}"; echo "$2 $?" >>/tmp/kpt/ended; } & done; }
                at_once 5 load $M/kpt-cmdline-1.ko
                at_once 5 load $M/kpt-cmdline-2.ko
                at_once 4 unload kpt_cmdline_3
                at_once 3 list
                at_once 3 install $M/kpt-cmdline-1.ko
                wait $(jobs -p)""");
        List<String> ended = guest.must("sort /tmp/kpt/ended").lines().toList();
        assertEquals(20, ended.size(), ended::toString);
        assertEquals(10, Collections.frequency(ended, "load 0"), ended::toString);
        assertEquals(1, Collections.frequency(ended, "unload 0"), ended::toString);
        assertEquals(3, Collections.frequency(ended, "unload 3"), ended::toString);
        assertEquals(3, Collections.frequency(ended, "list 0"), ended::toString);
        assertEquals(3, Collections.frequency(ended, "install 0"), ended::toString);
        assertEquals("1/0 1/0 absent", guest.must("""
                for module in 1 2 3; do state=$(patch_state kpt_cmdline_$module); echo "${state:-absent}"; done | xargs"""));
        assertEquals("", guest.must("grep kpt_cmdline_3 /proc/modules || true"));
    }

    /** One module under a hundred names of the same length. */
    @Test
    void aHundredPatchModulesOnTopOfEachOtherAreShownAndUnloaded() {
        guest.must("""
                for i in $(seq -w 100); do
                    LC_ALL=C sed "s/kpt_cmdline_1/kpt_stack_$i/g" $M/kpt-cmdline-1.ko >/tmp/kpt/one.ko
                    wait_until insmod /tmp/kpt/one.ko
                done
                wait_until grep -q 0 /sys/kernel/livepatch/kpt_stack_100/transition""");
        List<String> list = timed("kpatch list").lines().toList();
        assertEquals("kpt_stack_001 [enabled]", list.get(1));
        assertEquals("kpt_stack_100 [enabled]", list.get(100));
        assertEquals(
                100,
                timed("kpatch status")
                        .lines()
                        .filter(line -> line.contains("  enabled, 1 function;"))
                        .count());
        assertEquals("patched by kpt_stack_100", guest.must("cat /proc/cmdline"));
        List<String> unloaded = timed("kpatch unload --all")
                .lines()
                .filter(line -> line.startsWith("unloading"))
                .toList();
        assertEquals("unloading patch module: kpt_stack_100", unloaded.get(0));
        assertEquals(100, unloaded.size());
        assertEquals("", guest.must("grep kpt_ /proc/modules || true"));
        assertTrue(!guest.must("cat /proc/cmdline").startsWith("patched"));
    }

    @Test
    void fiveThousandTasksKeepNobodyWaitingLong() {
        guest.must("""
                gcc -pthread -o /tmp/kpt/sleepers src/test/guest/sleepers.c
                /tmp/kpt/sleepers 5000 >/tmp/kpt/asleep & sleepers=$!
                wait_until grep -q asleep /tmp/kpt/asleep
                insmod $M/kpt_target.ko
                echo kthread >/proc/kpt_target
                sleep 0.5
                kpatch load --no-wait $M/kpt-stall.ko""");
        assertTrue(timed("kpatch blocking").contains("1 task has yet to switch"));
        assertTrue(timed("kpatch list").contains("kpt_stall [enabling...]"));
        guest.must("echo release >/proc/kpt_target");
        timed("kpatch wait");
        assertEquals("1/0", guest.must("patch_state kpt_stall"));
        guest.must("kill $sleepers");
    }
}
