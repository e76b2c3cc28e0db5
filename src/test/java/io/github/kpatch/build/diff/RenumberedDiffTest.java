// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static io.github.kpatch.build.diff.Differences.HEADER;
import static io.github.kpatch.build.diff.Differences.defined;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.testing.CompiledPair;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Things of one name, and things whose names change although they are the same. */
@ParameterizedClass
@ValueSource(strings = {"gcc", "clang"})
class RenumberedDiffTest {
    private final String compiler;
    private final Path directory;

    RenumberedDiffTest(String compiler, @TempDir Path directory) {
        this.compiler = compiler;
        this.directory = directory;
    }

    private Difference diff(String source) {
        return Differences.of(CompiledPair.of(directory, compiler, HEADER + source), "vmlinux");
    }

    @Test
    void aStaticLocalStaysWithItsFunctionWhenAnotherIsInlined() {
        Difference difference = diff("""
                static inline int helper(int x) { static int count; count += x; return count; }
                #ifdef PATCHED
                int b(int x) { static int count; return secret(x) + count++ + helper(x); }
                #else
                int b(int x) { static int count; return secret(x) + count++; }
                #endif
                int a(int x) { static int count; return secret(x) + helper(x) + count--; }
                """);

        assertEquals(List.of("b"), difference.changed());
        assertEquals(Set.of(), defined(difference, false));
    }

    @Test
    void aStaticLocalGoesWithAPartOfItsFunction() {
        Difference difference = diff("""
                #ifdef PATCHED
                #define INLINE __attribute__((__noinline__))
                #else
                #define INLINE inline __attribute__((always_inline))
                #endif
                static INLINE int part(int x) { static int count; count += x; return secret(count); }
                int f(int x) { return secret(x) + part(x); }
                """);

        assertEquals(Set.of("f", "part"), defined(difference, true));
        assertEquals(Set.of(), defined(difference, false));
    }

    @Test
    void andComesBackWithIt() {
        Difference difference = diff("""
                #ifdef PATCHED
                #define INLINE inline __attribute__((always_inline))
                #else
                #define INLINE __attribute__((__noinline__))
                #endif
                static INLINE int part(int x) { static int count; count += x; return secret(count); }
                int f(int x) { return secret(x) + part(x); }
                """);

        assertEquals(Set.of("f"), defined(difference, true));
        assertEquals(Set.of(), defined(difference, false));
    }

    @Test
    void entriesOfTablesMayBeNamedByTheirLine() {
        Difference difference = diff("""
                #define ENTRY(line) static int (*const entry_of_f##line)(int) \
                    __attribute__((section(".pci_fixup_final"), used)) = f
                #ifdef PATCHED
                int f(int x) { return secret(x) + 1; }
                ENTRY(120);
                ENTRY(1130);
                #else
                int f(int x) { return secret(x); }
                ENTRY(99);
                ENTRY(1100);
                #endif
                """);

        assertEquals(List.of("f"), difference.changed(), difference::toString);
    }

    @Test
    void theNumberInTheNameOfASectionShiftsToo() {
        Difference difference = diff("""
                #ifdef PATCHED
                int f(int x) { return secret(x) + 1; }
                static int __UNIQUE_ID_limit8 __attribute__((used)) = 5;
                #else
                int f(int x) { return secret(x); }
                static int __UNIQUE_ID_limit7 __attribute__((used)) = 5;
                #endif
                """);

        assertEquals(List.of("f"), difference.changed(), difference::toString);
    }

    @Test
    void filesThatWereLinkedTogetherMayHaveThingsOfOneName() {
        String first = """
                static noinline int same(int x) { return secret(x) * 3; }
                int a(int x) { static int state; return same(x) + state++; }
                """;
        Difference difference = Differences.of(
                CompiledPair.linked(directory, compiler, HEADER + first, HEADER + """
                                #ifdef PATCHED
                                static noinline int same(int x) { return secret(x) * 4; }
                                #else
                                static noinline int same(int x) { return secret(x) * 3; }
                                #endif
                                int b(int x) { return same(x) + 2; }
                                """),
                "vmlinux",
                symbol -> new Parent.Place(1, 0));

        assertEquals(Set.of("same"), defined(difference, true));
    }
}
