// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static io.github.kpatch.build.diff.Differences.HEADER;
import static io.github.kpatch.build.diff.Differences.brings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.CompiledPair;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels that check at run time that indices are within their arrays. */
@ParameterizedClass
@ValueSource(strings = {"gcc", "clang"})
class SanitizerNotesTest {
    private final String compiler;
    private final Path directory;

    SanitizerNotesTest(String compiler, @TempDir Path directory) {
        this.compiler = compiler;
        this.directory = directory;
    }

    private Difference diff(String source) {
        return Differences.of(CompiledPair.with("-fsanitize=bounds", directory, compiler, HEADER + source), "vmlinux");
    }

    @Test
    void aFunctionBringsWhatIsSaidOfItsIndices() {
        Difference difference = diff("""
                int table[4];
                #ifdef PATCHED
                int f(int x) { return secret(table[x]) + 1; }
                #else
                int f(int x) { return secret(table[x]); }
                #endif
                """);

        assertEquals(List.of("f"), difference.changed());
        assertTrue(brings(difference, "[4]'"));
    }

    @Test
    void aFunctionThatOnlyStandsInAnotherLineIsTheSame() {
        Difference difference = diff("""
                int table[4];
                short other[5];
                #ifdef PATCHED
                int g(int x) { return secret(x) + other[x]; }

                #else
                int g(int x) { return secret(x); }
                #endif
                int f(int x) { return secret(table[x]); }
                """);

        assertEquals(List.of("g"), difference.changed());
    }

    @Test
    void oneWithAnArrayOfAnotherSizeIsNot() {
        Difference difference = diff("""
                struct box { int some[4]; int more[4]; };
                #ifdef PATCHED
                int f(struct box *b, int x) { return secret(b->some[x & 7]); }
                #else
                int f(struct box *b, int x) { return secret(((int (*)[5])b)[0][x & 7]); }
                #endif
                """);

        assertEquals(List.of("f"), difference.changed());
    }
}
