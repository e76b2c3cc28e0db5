// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.kpatch.kernel.Roots;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class LinuxMachineTest {
    @Test
    void allWhoRunProgramsShareThemSoThatOneCallStopsThemAll() {
        LinuxMachine machine = new LinuxMachine(new Roots(Path.of("/")), "/usr/bin", NOPLogger.NOP_LOGGER);
        assertSame(machine.tools(), machine.tools());
    }
}
