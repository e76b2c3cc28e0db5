// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleNameTest {
    @Test
    void dashesAndUnderscoresAreTheSame() {
        assertEquals(ModuleName.of("kpt-cmdline-1"), ModuleName.of("kpt_cmdline_1"));
        assertEquals("kpt_cmdline_1", ModuleName.of("kpt-cmdline-1").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-1", "a_1", "a-1.ko", "a_1.ko.xz", "a-1.ko.gz", "a-1.ko.zst"})
    void anArgumentMayHaveTheSuffixOfAFile(String argument) {
        assertEquals(Optional.of(ModuleName.of("a_1")), ModuleName.fromArgument(argument));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a\nb", "a\tb", "a\u007f", "\u00e4", ".ko"})
    void whatNoModuleIsCalledIsNoName(String text) {
        assertTrue(ModuleName.fromArgument(text).isEmpty());
    }

    @Test
    void aNameHasAtMostFiftyFiveBytes() {
        assertTrue(ModuleName.parse("x".repeat(55)).isPresent());
        assertTrue(ModuleName.parse("x".repeat(56)).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> ModuleName.of("x".repeat(56)));
    }
}
