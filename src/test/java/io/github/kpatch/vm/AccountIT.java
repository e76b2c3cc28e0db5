// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.kpatch.testing.OutputSchema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** What kpatch tells of itself and of the kernel, to people and to programs. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class AccountIT {
    private final Guest guest;
    private final OutputSchema schema = new OutputSchema();

    AccountIT(Guest guest) {
        this.guest = guest;
    }

    @BeforeEach
    void freshGuest() {
        guest.reset();
    }

    private JsonObject json(String command) {
        return schema.read(guest.must("kpatch " + command + " --output json"));
    }

    @Test
    void whatWasDoneIsInTheHistoryAndInTheKernelLog() {
        guest.must("kpatch load $M/kpt-cmdline-1.ko && kpatch unload kpt_cmdline_1");
        String history = guest.must("kpatch history kpt_cmdline_1");
        String module = " kpt_cmdline_1 (" + guest.must("uname -r") + "): done [uid 0";
        assertTrue(history.contains(" load" + module) && history.contains(" unload" + module), history);
        assertTrue(guest.must("dmesg").contains("kpatch: loaded patch module kpt_cmdline_1"));
    }

    @Test
    void programsReadOneObjectOfEachCommand() {
        assertEquals(
                "load",
                json("load $M/kpt-cmdline-1.ko")
                        .getAsJsonArray("steps")
                        .get(0)
                        .getAsJsonObject()
                        .get("step")
                        .getAsString());
        assertEquals(
                "[{\"module\":\"kpt_cmdline_1\",\"state\":\"enabled\"}]",
                json("list --functions --cve").get("loaded").toString());
        assertEquals("livepatch", json("status").get("support").getAsString());
        assertEquals("kpt_cmdline_1", json("info kpt_cmdline_1").get("module").getAsString());
        assertTrue(json("check $M/kpt-cmdline-2.ko").get("loadable").getAsBoolean());
        assertEquals(0, json("blocking").getAsJsonArray("processes").size());
        assertEquals(1, json("history").getAsJsonArray("changes").size());
        JsonObject failed = schema.read(guest.must("kpatch unload kpt_none --output json || true"));
        assertEquals(
                "no-such-module", failed.getAsJsonObject("error").get("code").getAsString());
    }

    @Test
    void statusIsWatchedOnATerminal() {
        guest.must("kpatch load $M/kpt-cmdline-1.ko");
        guest.must(
                "TERM=xterm LANG=C.UTF-8 script -qfec 'kpatch status --watch' /tmp/kpt/screen </dev/null >/dev/null &"
                        + " wait_until grep -q kpt_cmdline_1 /tmp/kpt/screen; kill $!; wait");
        String screens = guest.must("cat /tmp/kpt/screen");
        assertTrue(screens.contains("\u001b[H") && screens.contains("\u2502"), screens);
        assertTrue(screens.contains("\u001b[32menabled\u001b[0m"), screens);
    }

    @Test
    void metricsAReportAndWhatCouldGo() {
        guest.must("kpatch load $M/kpt-cmdline-1.ko");
        String metrics = guest.must("kpatch metrics");
        assertTrue(metrics.contains("\nkpatch_module_enabled{module=\"kpt_cmdline_1\"} 1\n"), metrics);
        guest.must("kpatch report --output-file /tmp/kpt/report.zip; test -s /tmp/kpt/report.zip");
        assertTrue(guest.must("kpatch report --vex").contains("\"bomFormat\": \"CycloneDX\""));
        guest.must("mkdir -p /var/lib/kpatch/5.10.0-0; cp $M/kpt-cmdline-1.ko /var/lib/kpatch/5.10.0-0/");
        guest.must("kpatch prune; kpatch prune --yes");
    }
}
