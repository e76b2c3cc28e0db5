// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import io.github.kpatch.testing.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes from outside: what reaches the terminal is text, and a failure is one sentence. */
class OutputFuzzTest {
    /** What the Unicode Bidirectional Algorithm calls explicit formatting characters, and what ends lines. */
    private static final String MARKS =
            "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

    private final FakeMachine machine;

    OutputFuzzTest(@TempDir Path directory) {
        this.machine = new FakeMachine(directory);
    }

    @MethodSource("io.github.kpatch.testing.Seeds#modules")
    @FuzzTest
    void ofAFileCommandsPrintTextOrASentence(byte[] content) throws IOException {
        Path file = Files.write(machine.home().resolve("a.ko"), content);
        for (String command : List.of("info", "check")) {
            Outcome outcome = machine.run(command, file);
            assertTrue(outcome.status() == 0 || outcome.status() == 4, outcome::toString);
            assertEquals(outcome.status() == 0 ? 0 : 1, outcome.stderr().lines().count(), outcome::toString);
            assertHarmless(outcome.stdout() + outcome.stderr());
        }
    }

    static Stream<byte[]> texts() {
        return Seeds.texts("kpt_a [enabled]", "a\u001b[2Jb\nc\u009bd\u007f");
    }

    @MethodSource("texts")
    @FuzzTest
    void anyTextIsMadeHarmless(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8) + new String(content, StandardCharsets.UTF_16LE);
        String safe = SafeText.of(text);
        assertTrue(safe.indexOf('\n') < 0);
        assertHarmless(safe);
        assertEquals(safe, SafeText.of(safe));
    }

    private static void assertHarmless(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            assertTrue(c == '\n' || !(Character.isISOControl(c) || MARKS.indexOf(c) >= 0), text);
        }
    }
}
