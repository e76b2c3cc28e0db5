// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {
    @ParameterizedTest
    @CsvSource({"34816, pts/0", "34825, pts/9", "35072, pts/256", "1025, tty1", "1088, ttyS0", "1281, 5:1"})
    void terminalsAreNamedByTheirDevice(int number, String terminal) {
        assertEquals(Optional.of(terminal), Caller.terminal("7 (java) S 1 7 7 " + number + " 7 0"));
    }

    @Test
    void aDaemonHasNoTerminal() {
        assertEquals(Optional.empty(), Caller.terminal("7 (java) S 1 7 7 0 -1 0"));
        assertEquals(Optional.empty(), Caller.terminal("7 (java"));
        assertEquals(Optional.empty(), Caller.terminal("7 (java) S 1 7 7 many"));
    }

    @Test
    void theInnermostUnitCounts() {
        assertEquals(Optional.of("kpatch.service"), Caller.unit(List.of("0::/system.slice/kpatch.service")));
        assertEquals(
                Optional.of("session-3.scope"),
                Caller.unit(List.of("12:cpu:/", "1:name=systemd:/user.slice/user-1000.slice/session-3.scope")));
        assertEquals(Optional.of("x.service"), Caller.unit(List.of("0::/system.slice/x.service/part")));
        assertEquals(Optional.empty(), Caller.unit(List.of("0::/", "")));
    }
}
