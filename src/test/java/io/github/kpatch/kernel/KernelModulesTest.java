// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.module.ModuleName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of /proc/modules. */
class KernelModulesTest {
    @Test
    void linesAsKernelsShowThem() {
        assertEquals(
                List.of(
                        module("kpt_cmdline_1", 1, KernelModule.State.LIVE, true),
                        module("kpt_old", 0, KernelModule.State.UNLOADING, true),
                        module("fscache", 1, KernelModule.State.LIVE, false),
                        module("unloadable", 0, KernelModule.State.LOADING, false)),
                KernelModules.parse(List.of(
                        "kpt_cmdline_1 16384 1 - Live 0xffffffffc0a3e000 (OEK)",
                        "kpt_old 16384 0 - Unloading 0xffffffffc0a3e000 (OEK-)",
                        "fscache 372736 1 9p, Live 0xffffffffc0893000",
                        "unloadable 16384 - - Loading 0x0000000000000000")));
    }

    @Test
    void aModuleWithAnImpossibleNameIsNotOurs() {
        assertEquals(List.of(), KernelModules.parse(List.of("b\u00f6se 16384 1 - Live 0x0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kpt_a", "kpt_a 16384 x - Live 0x0", "kpt_a 16384 1 - Sleeping 0x0", "", " "})
    void aLineThatIsNotUnderstoodFailsLoudly(String line) {
        KpatchException failure = assertThrows(KpatchException.class, () -> KernelModules.parse(List.of(line)));
        assertTrue(failure.sentence().endsWith(line), failure::sentence);
    }

    private static KernelModule module(String name, long references, KernelModule.State state, boolean livepatch) {
        return new KernelModule(ModuleName.of(name), references, state, livepatch);
    }
}
