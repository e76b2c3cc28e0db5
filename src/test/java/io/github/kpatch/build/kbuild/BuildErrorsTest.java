// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuildErrorsTest {
    @Test
    void theCompilersOwnLinesAreShownAndNotMakesEcho() {
        assertEquals(
                List.of("fs/proc/meminfo.c:30:9: error: 'x' undeclared (first use in this function)"),
                BuildErrors.in(List.of(
                        "  CC      fs/proc/meminfo.o",
                        "fs/proc/meminfo.c: In function 'meminfo_proc_show':",
                        "fs/proc/meminfo.c:30:9: error: 'x' undeclared (first use in this function)",
                        "make[3]: *** [scripts/Makefile.build:250: fs/proc/meminfo.o] Error 1")));
    }

    @Test
    void modpostsErrorsAreShown() {
        String line = "ERROR: modpost: \"klp_enable_patch\" [/x/livepatch-a.ko] undefined!";
        assertEquals(List.of(line), BuildErrors.in(List.of("  MODPOST", line, "make: *** [Makefile:1] Error 2")));
    }

    @Test
    void withoutSuchMakesOwnWordsAreShown() {
        String line = "make[1]: *** No rule to make target 'fs/nothing.o'.  Stop.";
        assertEquals(List.of(line), BuildErrors.in(List.of("  CALL scripts/checksyscalls.sh", line)));
    }

    @Test
    void withoutAnyTheEndIsShown() {
        assertEquals(Collections.nCopies(8, "line"), BuildErrors.in(Collections.nCopies(20, "line")));
    }
}
