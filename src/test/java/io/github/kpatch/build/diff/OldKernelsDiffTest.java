// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static io.github.kpatch.build.diff.Differences.HEADER;
import static io.github.kpatch.build.diff.Differences.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.testing.CompiledPair;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kernels since 3.10 have in their objects that today's have not. */
@ParameterizedClass
@ValueSource(strings = {"gcc", "clang"})
class OldKernelsDiffTest {
    /** Three functions that all have something, of which f is changed. */
    private static final String FUNCTIONS = """
            int g(int x) { BODY return secret(x) * 3; }
            #ifdef PATCHED
            int f(int x) { BODY return secret(x) + 1; }
            #else
            int f(int x) { BODY return secret(x); }
            #endif
            int h(int x) { BODY return secret(x) * 5; }
            """;

    /** Two functions that all have something, on other lines in the patched version. */
    private static final String MOVED = """
            #ifdef PATCHED
            #line 101
            #else
            #line 1
            #endif
            int f(int x) { BODY return secret(x); }
            int g(int x) { BODY return secret(x) * 3; }
            """;

    private final String compiler;
    private final Path directory;

    OldKernelsDiffTest(String compiler, @TempDir Path directory) {
        this.compiler = compiler;
        this.directory = directory;
    }

    private Difference diff(String source) {
        return diff(source, "vmlinux");
    }

    private Difference diff(String source, String parent) {
        return Differences.of(CompiledPair.of(directory, compiler, HEADER + source), parent);
    }

    private Section onlyFIsChanged(String body, String table) {
        Difference difference = diff(FUNCTIONS.replace("BODY", body));
        assertEquals(List.of("f"), difference.changed(), difference::toString);
        return output(difference).section(table).orElseThrow();
    }

    @Test
    void theLastPlaceOfAParavirtualisedCallIsNotFilledUp() {
        Section table = onlyFIsChanged("""
                __asm__ volatile("771: call secret\\n772:\\n.pushsection .parainstructions,\\"a\\"\\n.balign 8\\n"
                    ".quad 771b\\n.byte 44, 772b - 771b\\n.short 511\\n.popsection" : : : "memory", "rax");
                """, ".parainstructions");

        assertEquals(1, table.relocations().size());
    }

    @Test
    void anAlternativeNeedNotHaveAReplacement() {
        Section table = onlyFIsChanged("""
                {
                    __label__ no;
                    __asm__ goto("1: jmp %l[no]\\n2:\\n.pushsection .altinstructions,\\"a\\"\\n.long 1b - ., 0\\n"
                        ".word 100\\n.byte 2b - 1b, 0\\n.popsection" : : : : no);
                    x += secret(9);
                no:;
                }
                """, ".altinstructions");

        assertEquals(12, table.size());
    }

    /** Where a replacement of no length would be, that of the next function begins. */
    @Test
    void aReplacementByNothingIsNotThatOfTheNextFunction() {
        Section replacements = onlyFIsChanged("""
                {
                    __label__ no;
                    __asm__ goto("1: jmp %l[no]\\n2:\\n.pushsection .altinstructions,\\"a\\"\\n"
                        ".long 1b - ., 3f - ., 5\\n.byte 2b - 1b, 4f - 3f\\n"
                        ".long 1b - ., 4f - ., 6\\n.byte 2b - 1b, 0\\n.popsection\\n"
                        ".pushsection .altinstr_replacement,\\"ax\\"\\n3: jmp %l[no]\\n4:\\n.popsection" : : : : no);
                    x += secret(9);
                no:;
                }
                """, ".altinstr_replacement");

        assertEquals(1, replacements.relocations().size());
    }

    @Test
    void whatIsCountedOfAlternativesIsThrownAway() {
        String count = "__asm__ volatile(\".pushsection .discard,\\\"aw\\\"\\n.byte \" COUNT \"\\n.popsection\");";
        Difference difference = diff("#ifdef PATCHED\n#define COUNT \"1, 2\"\n#else\n#define COUNT \"1\"\n#endif\n"
                + FUNCTIONS.replace("BODY", count));

        assertEquals(List.of("f"), difference.changed(), difference::toString);
    }

    /** That of an exception is marked by a big number that is added to it. */
    @Test
    void theOtherClassOfExceptionsHasItsOwnWayOut() {
        Section fixup = onlyFIsChanged("""
                __asm__ volatile("1: movl (%1), %0\\n2:\\n.pushsection .fixup,\\"ax\\"\\n3: xorl %0, %0\\njmp 2b\\n.popsection\\n"
                    ".pushsection __ex_table,\\"a\\"\\n.balign 8\\n.long 1b - ., 3b - . + 0x7ffffff0\\n.popsection"
                    : "=r"(x) : "r"((long) x));
                """, ".fixup");

        assertEquals(1, fixup.relocations().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (__builtin_expect(x > 3, 0)) warn_slowpath_null(__FILE__, __LINE__);",
                "if (x > 3) printk(\"\\0013RTNL: assertion failed at %s (%d)\\n\", __FILE__, __LINE__);",
                "if (__builtin_expect(x > 3, 0)) __warn_printk(\"RTNL: assertion failed at %s (%d)\\n\", __FILE__, __LINE__);",
                "if (x > 3) __btrfs_handle_fs_error((void *) 0, __func__, __LINE__, -5, (void *) 0);"
            })
    void aLineThatIsReportedIsNoChangeWhereverTheCodeIs(String report) {
        String declared = """
                extern void warn_slowpath_null(const char *file, int line) __attribute__((cold));
                extern void __warn_printk(const char *format, ...) __attribute__((cold));
                extern void __btrfs_handle_fs_error(void *fs, const char *function, int line, int error, char *format);
                """;
        Difference difference = diff(declared + MOVED.replace("BODY", report));

        assertTrue(difference.isEmpty(), difference::toString);
    }

    @Test
    void aNumberThatIsPrintedIsAChange() {
        Difference difference =
                diff(MOVED.replace("BODY", "if (x > 3) printk(\"found %s (%d)\\n\", __FILE__, __LINE__);"));

        assertEquals(List.of("f", "g"), difference.changed());
    }

    @Test
    void aMessageThatIsOnByDefaultNowIsAChange() {
        String message = """
                struct _ddebug { const char *text[4]; unsigned line:18, flags:8; };
                extern void __dynamic_pr_debug(struct _ddebug *, const char *text);
                #ifndef PATCHED
                #define ON 0
                #endif
                #define DEBUG(on) do { static struct _ddebug descriptor __attribute__((section("__verbose"))) = \
                    {{"m", __func__, __FILE__, "t"}, __LINE__, on}; \
                    if (descriptor.flags) __dynamic_pr_debug(&descriptor, "t"); } while (0)
                """;

        assertTrue(diff(message + MOVED.replace("BODY", "DEBUG(0);")).isEmpty());
        assertEquals(
                List.of("f", "g"),
                diff(message + "#ifdef PATCHED\n#define ON 1\n#endif\n" + MOVED.replace("BODY", "DEBUG(ON);"))
                        .changed());
    }

    private static String jumpLabel(String key) {
        return """
                {
                    __label__ on;
                    __asm__ goto("1: .byte 15, 31, 68, 0, 0\\n.pushsection __jump_table,\\"aw\\"\\n.balign 8\\n"
                        ".quad 1b, %l[on], KEY + 8\\n.popsection" : : : : on);
                    if (0) { on: x += secret(7); }
                }
                """.replace("KEY", key);
    }

    @Test
    void aKeyOfTheKernelIsAtHandForAModule() {
        assertEquals(
                24,
                output(diff(FUNCTIONS.replace("BODY", jumpLabel("printk")), "module"))
                        .section("__jump_table")
                        .orElseThrow()
                        .size());
    }

    @Test
    void hooksOfOlderToolsAreRefused() {
        Difference difference = diff(FUNCTIONS.replace("BODY", "") + """
                static int hook(void) { return secret(1); }
                static int (*load)(void) __attribute__((section(".kpatch.hooks.load"), used)) = hook;
                """);

        assertEquals(List.of("section .kpatch.hooks.load: asks for what is not known"), difference.refusals());
    }

    @Test
    void aCallbackThatIsNoFunctionIsRefused() {
        Difference difference = diff(FUNCTIONS.replace("BODY", "") + """
                static const char *pre __attribute__((section(".kpatch.callbacks.pre_patch"), used)) = "text";
                """);

        assertEquals(List.of("section .kpatch.callbacks.pre_patch: asks for what is not known"), difference.refusals());
    }

    @Test
    void anAliasThatBecomesAFunctionOfItsOwnIsRefused() {
        String alias = "int g(int x) __attribute__((alias(\"f\")));\n";
        String apart = "int g(int x) { return secret(x) + 1; }\n";
        for (List<String> change : List.of(List.of(alias, apart), List.of(apart, alias))) {
            Difference difference = Differences.of(
                    CompiledPair.of(
                            directory,
                            compiler,
                            HEADER + "int f(int x) { return secret(x); }\n" + change.get(0),
                            HEADER + "int f(int x) { return secret(x); }\n" + change.get(1)),
                    "vmlinux");

            assertEquals(
                    List.of("function g: the compiler had made it one with another, or does so now ("
                            + (change.get(0).equals(alias) ? "f, g" : "g, f")
                            + "), and not everyone who calls it is known"),
                    difference.refusals());
        }
    }

    @Test
    void whatTheSanitizerSaysOfAnOperationHasItsLine() {
        String check = """
                __asm__ volatile(".pushsection .data..Lubsan_data" NUMBER "%=,\\"aw\\"\\n9: .quad %c0\\n.long %c1, 7\\n.popsection\\n"
                    "mov $9b, %%rdi" : : "i"(__FILE__), "i"(__LINE__) : "rdi");
                """.replace("\n    ", " ");
        String numbers = "#ifdef PATCHED\n#define NUMBER \"8\"\n#else\n#define NUMBER \"5\"\n#endif\n";

        assertTrue(diff(numbers + MOVED.replace("BODY", check)).isEmpty());
        assertEquals(
                List.of("f"),
                diff(numbers + FUNCTIONS.replace("BODY", check.strip())).changed());
    }
}
