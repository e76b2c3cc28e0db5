// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kpatch.failure.KpatchException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatchNameTest {
    private static String named(String... files) {
        return PatchName.of(List.of(files).stream().map(Path::of).toList()).text();
    }

    @Test
    void onePatchGivesItsName() {
        assertEquals("livepatch-meminfo-string", named("/tmp/meminfo-string.patch"));
        assertEquals("livepatch-fix_2", named("fix_2.diff"));
        assertEquals("livepatch-0001-net-fix-a-leak", named("0001-net: fix a leak.patch"));
    }

    @Test
    void severalPatchesGiveNoneInParticular() {
        assertEquals("livepatch-patch", named("a.patch", "b.patch"));
    }

    @Test
    void aNameIsNoLongerThanTheKernelHasRoomFor() {
        assertEquals("livepatch-" + "a".repeat(45), named("a".repeat(80) + ".patch"));
    }

    @Test
    void aNameThatIsChosenIsTakenAsItIs() {
        assertEquals("kpatch-7_1", PatchName.chosen("kpatch-7_1").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.ko", "-a", "obj", "lib", "äh", "a/b", "kpatch-module"})
    void whatCannotBeAModulesNameIsRefused(String name) {
        assertThrows(KpatchException.class, () -> PatchName.chosen(name));
    }

    @Test
    void aChosenNameThatIsTooLongIsRefusedAndNotCut() {
        assertThrows(KpatchException.class, () -> PatchName.chosen("a".repeat(56)));
        assertEquals(55, PatchName.chosen("a".repeat(55)).text().length());
    }
}
