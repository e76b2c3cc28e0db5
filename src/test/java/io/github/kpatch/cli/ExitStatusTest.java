// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.failure.Failure;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The statuses that scripts know. */
class ExitStatusTest {
    @ParameterizedTest
    @CsvSource({
        "SUCCESS, 0",
        "FAILED, 1",
        "USAGE, 2",
        "NO_SUCH_MODULE, 3",
        "REFUSED, 4",
        "KERNEL_REFUSED, 5",
        "STALLED, 6",
        "NOT_PERMITTED, 7"
    })
    void aStatusKeepsItsNumber(ExitStatus status, int number) {
        assertEquals(number, status.number());
    }

    @Test
    void everyKindOfFailureHasItsOwnStatus() {
        Set<ExitStatus> statuses = EnumSet.noneOf(ExitStatus.class);
        for (Failure failure : Failure.values()) {
            assertEquals(failure.name(), ExitStatus.of(failure).name());
            statuses.add(ExitStatus.of(failure));
        }
        assertEquals(EnumSet.complementOf(EnumSet.of(ExitStatus.SUCCESS, ExitStatus.USAGE)), statuses);
    }
}
