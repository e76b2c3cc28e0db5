// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelVersionTest {
    private static final Optional<KernelVersion> DEBIAN_12 = Optional.of(new KernelVersion(6, 1, 192));

    @Test
    void sourcesSayItInTheirMakefile() {
        String makefile = """
                # SPDX-License-Identifier: GPL-2.0
                VERSION = 6
                PATCHLEVEL = 1
                SUBLEVEL = 192
                EXTRAVERSION =
                """;
        assertEquals(DEBIAN_12, KernelVersion.ofMakefile(makefile));
        assertEquals(Optional.empty(), KernelVersion.ofMakefile("all:\n\techo VERSION = 6\n"));
    }

    @Test
    void headersSayIt() {
        assertEquals(DEBIAN_12, KernelVersion.ofHeader("""
                        #define LINUX_VERSION_CODE 393664
                        #define LINUX_VERSION_MAJOR 6
                        #define LINUX_VERSION_PATCHLEVEL 1
                        #define LINUX_VERSION_SUBLEVEL 192
                        """));
    }

    @Test
    void packagesBeginWithIt() {
        assertEquals(DEBIAN_12, KernelVersion.ofRelease("6.1.192-2"));
        assertEquals(
                "6.12.0", KernelVersion.ofRelease("6.12-1~exp1").orElseThrow().toString());
        assertEquals(Optional.empty(), KernelVersion.ofRelease("linux"));
    }
}
