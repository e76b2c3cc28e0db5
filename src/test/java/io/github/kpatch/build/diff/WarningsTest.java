// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static io.github.kpatch.build.diff.Differences.HEADER;
import static io.github.kpatch.build.diff.Differences.brings;
import static io.github.kpatch.build.diff.Differences.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.CompiledPair;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Warnings as the kernel has them since 6.19: their code hands over the address of what the kernel's table says of it. */
@ParameterizedClass
@ValueSource(strings = {"gcc", "clang"})
class WarningsTest {
    private static final String WARN = """
            extern void report(void *entry);
            #define WARN(format) do { \\
                void *entry; \\
                asm volatile("1: lea 2f(%%rip), %0\\n" \\
                    ".pushsection __bug_table, \\"aw\\"\\n" \\
                    "2: .long 1b - ., %c1 - ., %c2 - .\\n .short %c3, 0\\n" \\
                    ".popsection" : "=r" (entry) : "i" (format), "i" ("file.c"), "i" (__LINE__)); \\
                report(entry); \\
            } while (0)
            """;

    private final String compiler;
    private final Path directory;

    WarningsTest(String compiler, @TempDir Path directory) {
        this.compiler = compiler;
        this.directory = directory;
    }

    private Difference diff(String source) {
        return Differences.of(CompiledPair.of(directory, compiler, HEADER + WARN + source), "vmlinux");
    }

    @Test
    void aFunctionWhoseWarningMovedIsTheSame() {
        Difference difference = diff("""
                #ifdef PATCHED
                int g(int x) { return secret(x) + 1; }

                #else
                int g(int x) { return secret(x); }
                #endif
                int f(int x) { WARN("moved"); return secret(x); }
                """);

        assertEquals(List.of("g"), difference.changed());
    }

    @Test
    void oneThatWarnsInOtherWordsIsNot() {
        Difference difference = diff("""
                #ifdef PATCHED
                int f(int x) { WARN("after"); return secret(x); }
                #else
                int f(int x) { WARN("before"); return secret(x); }
                #endif
                """);

        assertEquals(List.of("f"), difference.changed());
        assertTrue(brings(difference, "after"));
        assertEquals(16, output(difference).section("__bug_table").orElseThrow().size());
    }
}
