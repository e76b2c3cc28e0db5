// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines that a change has moved keep their numbers. */
class LineNumbersTest {
    @Test
    void linesBehindAnAddedOneHaveTheirOldNumbers() {
        assertEquals("a\nnew\n#line 2\nb\nc\n", LineNumbers.keep("a\nb\nc\n", "a\nnew\nb\nc\n"));
    }

    @Test
    void linesBehindARemovedOneHaveTheirOldNumbers() {
        assertEquals("a\n#line 3\nc\n", LineNumbers.keep("a\nb\nc\n", "a\nc\n"));
    }

    @Test
    void aLineInPlaceOfAnotherMovesNone() {
        assertEquals("a\nB\nc\n", LineNumbers.keep("a\nb\nc\n", "a\nB\nc\n"));
    }

    @Test
    void aMacroIsNotTornApart() {
        assertEquals(
                "#define m \\\n  x \\\n  a \\\n  b\n#line 4\nc\n",
                LineNumbers.keep("#define m \\\n  a \\\n  b\nc\n", "#define m \\\n  x \\\n  a \\\n  b\nc\n"));
    }

    @Test
    void aCommentIsNotTakenForCode() {
        assertEquals(
                "/* \"a\n * more\n * b */\n#line 3\nc\n",
                LineNumbers.keep("/* \"a\n * b */\nc\n", "/* \"a\n * more\n * b */\nc\n"));
    }

    @Test
    void aFileWithoutAnEndOfItsLastLineStaysSo() {
        assertEquals("x\n#line 1\na", LineNumbers.keep("a", "x\na"));
    }

    @Test
    void whateverIsChangedTheRestHasItsNumbers() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<String> before = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                before.add("line " + i);
            }
            List<String> after = new ArrayList<>(before);
            for (int i = random.nextInt(12); i > 0; i--) {
                int at = random.nextInt(after.size() + 1);
                if (at < after.size() && random.nextBoolean()) {
                    after.remove(at);
                } else {
                    after.add(at, "new");
                }
            }
            assertNumbered(LineNumbers.keep(text(before), text(after)), after);
        }
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static void assertNumbered(String text, List<String> expected) {
        List<String> seen = new ArrayList<>();
        int number = 1;
        for (String line : text.lines().toList()) {
            if (line.startsWith("#line ")) {
                number = Integer.parseInt(line.substring(6));
                continue;
            }
            seen.add(line);
            if (line.startsWith("line ")) {
                assertEquals("line " + (number - 1), line, text);
            }
            number++;
        }
        assertEquals(expected, seen);
    }
}
