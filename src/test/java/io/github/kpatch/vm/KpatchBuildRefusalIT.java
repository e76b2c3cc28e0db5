// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be patched into a running kernel is no module, but a sentence. */
@ParameterizedClass
@MethodSource("kernels")
class KpatchBuildRefusalIT {
    private final String kernel;

    KpatchBuildRefusalIT(String kernel) {
        this.kernel = kernel;
    }

    static Stream<String> kernels() {
        return Guests.kernels();
    }

    private void refuses(String patch, String sentence) {
        BuildHost host = BuildHost.of(kernel);
        Outcome outcome = host.run(host.patch(patch).toString());
        assertEquals(1, outcome.status(), outcome::toString);
        assertTrue(outcome.err().startsWith("kpatch-build: "), outcome::toString);
        outcome.tells(sentence).tells("the log: ");
        assertFalse(Files.exists(host.out().resolve("livepatch-" + patch + ".ko")));
    }

    @Test
    void changedInitialisedData() {
        refuses(
                "refused-data",
                "fs/pipe.o: variable pipe_max_size in .data.pipe_max_size: its initial value or its size changed,"
                        + " and the kernel has long been using it");
    }

    @Test
    void aFunctionThatRanAtTheStart() {
        refuses(
                "refused-init",
                "fs/proc/version.o: function proc_version_init: is changed or new in .init.text,"
                        + " and vmlinux has run and freed it when a patch is loaded");
    }

    @Test
    void aMemberOfALibrary() {
        refuses("refused-library", "lib/cmdline.o: is a member of a library archive (lib-y)");
    }

    @Test
    void whatIsWrittenInAssembler() {
        refuses(
                "refused-assembler",
                "arch/x86/entry/entry_64.o: is made from an assembler file, and only functions in C can be patched");
    }

    @Test
    void aPatchThatDoesNotApply() {
        refuses("refused-context", "hunk 1 does not apply to fs/proc/version.c, neither at line 9 nor elsewhere");
    }
}
