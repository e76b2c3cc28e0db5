// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static io.github.kpatch.build.diff.Differences.HEADER;
import static io.github.kpatch.build.diff.Differences.brings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.CompiledPair;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constants with a name, which clang puts between strings that the linker may merge. */
class NamedLiteralsTest {
    private static final String LETTERS = """
            int other(int x) { return printk("another string") + secret(x); }
            static const char letters[] = "RSDTtXZPI";
            int letter(int x) { return secret(letters[x]); }
            static const unsigned char sixteen[16] = "fifteen letters";
            int byte(int x) { return secret(sixteen[x]); }
            """;

    @TempDir
    private Path directory = Path.of("");

    private Difference diff(String compiler, String source) {
        return Differences.of(CompiledPair.of(directory, compiler, HEADER + source), "vmlinux");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "clang"})
    void whatOnlyMovedIsTheSame(String compiler) {
        Difference difference = diff(compiler, """
                #ifdef PATCHED
                int before(int x) { return printk("a string that takes more room"); }
                #else
                int before(int x) { return printk("a string"); }
                #endif
                """ + LETTERS);
        assertEquals(List.of("before"), difference.changed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "clang"})
    void aFunctionBringsThoseThatChanged(String compiler) {
        Difference difference =
                diff(compiler, "#ifdef PATCHED\n" + LETTERS.replace("tXZ", "TXZ") + "#else\n" + LETTERS + "#endif\n");
        assertEquals(List.of("letter"), difference.changed());
        assertTrue(brings(difference, "RSDTTXZPI"));
    }
}
