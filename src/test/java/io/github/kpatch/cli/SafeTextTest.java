// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** What reaches a terminal from outside. */
class SafeTextTest {
    @Test
    void ordinaryTextIsLeftAlone() {
        String text = "kpt_a [enabled] größe 漢字 €";
        assertSame(text, SafeText.of(text));
    }

    @Test
    void whatMovesACursorOrEndsALineIsShownByItsCode() {
        assertEquals("a\\u001b[2Jb\\u000ac\\u009bd\\u007f", SafeText.of("a\u001b[2Jb\nc\u009bd\u007f"));
    }

    @Test
    void whatTurnsTheWritingAroundIsShownByItsCode() {
        assertEquals("x\\u202ey\\u2066z\\u2028", SafeText.of("x\u202ey\u2066z\u2028"));
    }
}
