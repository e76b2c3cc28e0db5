// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static io.github.kpatch.build.diff.Differences.HEADER;
import static io.github.kpatch.build.diff.Differences.brings;
import static io.github.kpatch.build.diff.Differences.defined;
import static io.github.kpatch.build.diff.Differences.output;
import static io.github.kpatch.build.diff.Differences.strings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import io.github.kpatch.testing.CompiledPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that would bring a kernel down, or that would do nothing, if they were taken for what they seem to be. */
@ParameterizedClass
@ValueSource(strings = {"gcc", "clang"})
class DangerousDiffTest {
    private static final int SHT_SYMTAB = 2;

    private static final String F = """
            #ifdef PATCHED
            int f(int x) { BODY return secret(x) + 1; }
            #else
            int f(int x) { BODY return secret(x); }
            #endif
            """;

    private final String compiler;
    private final Path directory;

    DangerousDiffTest(String compiler, @TempDir Path directory) {
        this.compiler = compiler;
        this.directory = directory;
    }

    private Difference diff(String source) {
        return Differences.of(CompiledPair.of(directory, compiler, HEADER + source), "vmlinux");
    }

    @Test
    void aWideStringIsComparedAndBroughtToItsEnd() {
        Difference difference = diff("""
                extern int say(const unsigned int *text);
                #ifdef PATCHED
                #define TEXT U"abXd"
                #else
                #define TEXT U"abcd"
                #endif
                int printk_wide(void) { return secret(1) + secret((int) (long) TEXT); }
                """);

        assertEquals(List.of("printk_wide"), difference.changed());
        assertTrue(brings(difference, "a\0\0\0b\0\0\0X\0\0\0d\0\0\0\0\0\0\0"));
    }

    @Test
    void aConstantThatIsStoredBeforeALineIsReportedIsAChange() {
        Difference difference = diff("""
                extern void __might_sleep(const char *file, int line);
                #ifdef PATCHED
                #define LIMIT 6
                #else
                #define LIMIT 5
                #endif
                int f(int *x) { x[2] = LIMIT; __might_sleep("f.c", 7); return secret(1); }
                int g(int *x) { __might_sleep("f.c", LIMIT); return secret(1); }
                """);

        assertEquals(List.of("f"), difference.changed());
    }

    @Test
    void aFunctionOfWhichAnUnknownTableSpeaksIsRefused() {
        Difference difference = diff(F.replace(
                "BODY",
                "unsigned long limit; __asm__(\"mov $0x0123456789abcdef, %0\\n1:\\n.pushsection runtime_ptr_LIMIT, \\\"a\\\"\\n"
                        + ".long 1b - 8 - .\\n.popsection\" : \"=r\"(limit)); if (x > limit) return 3;"));

        assertEquals(
                List.of("function f: section runtime_ptr_LIMIT says something about its code,"
                        + " and the kernel does not read that of a module"),
                difference.refusals());
    }

    @Test
    void tablesOfLabelsLeadIntoTheNewVersionOfTheirFunction() {
        Difference difference = diff("""
                int f(int x) {
                    static const void *const labels[] = {&&one, &&two, &&three};
                    goto *labels[x & 1];
                one: return secret(1);
                two: return secret(2) * 3;
                three:
                #ifdef PATCHED
                    return secret(x + 4);
                #else
                    return secret(x + 3);
                #endif
                }
                """);

        assertEquals(List.of("f"), difference.changed());
        assertTrue(strings(difference, KpatchSections.STRINGS).stream().noneMatch(name -> name.contains("labels")));
    }

    @Test
    void aVariableThatIsCalledOnceIsAVariable() {
        Difference difference = diff("""
                static int once = 1;
                int descriptor(int x) { static int descriptor; return secret(x) + descriptor++; }
                #ifdef PATCHED
                int f(int x) { static int descriptor; return secret(x) + once++ + descriptor++ + 1; }
                #else
                int f(int x) { static int descriptor; return secret(x) + once++ + descriptor++; }
                #endif
                """);

        assertEquals(Set.of(), defined(difference, false));
    }

    @Test
    void entriesOfOldTablesOfExceptionsKeepTheirSize() {
        String entry = """
                __asm__ volatile("1: nop\\n2:\\n.pushsection .fixup,\\"ax\\"\\n3: movl $-14, %0\\n jmp 2b\\n.popsection\\n"
                    ".pushsection __ex_table,\\"a\\"\\n.long 1b - ., 3b - .\\n.popsection" : "+r"(x));
                """.replace("\n  ", " ").strip();
        Difference difference =
                diff("int a(int x) { ENTRY return secret(x); }\nint b(int x) { ENTRY return secret(x) * 3; }\n"
                                .replace("ENTRY", entry)
                        + F.replace("BODY", entry));

        Section table = output(difference).section("__ex_table").orElseThrow();
        assertEquals(8, table.size());
        assertEquals(2, table.relocations().size());
    }

    @Test
    void addressesThatTheAssemblerResolvedMoveWithTheirFunctions() {
        Difference difference = diff("""
                #define SCHED __attribute__((section(".sched.text"), __noinline__))
                SCHED __attribute__((used)) static int a(int x) { return secret(x) * 3; }
                #ifdef PATCHED
                SCHED int b(int x) { void *p; __asm__("lea a(%%rip), %0" : "=r"(p)); return secret((long) p + x + 1); }
                #else
                SCHED int b(int x) { void *p; __asm__("lea a(%%rip), %0" : "=r"(p)); return secret((long) p + x); }
                #endif
                """);

        assertEquals(List.of("b"), difference.changed());
        assertTrue(strings(difference, KpatchSections.STRINGS).contains(".klp.sym.vmlinux.a,0"), difference::toString);
    }

    @Test
    void aFunctionWhoseAddressIsKeptIsNotReplacedByItsCallers() {
        Difference difference = diff("""
                extern void keep(int (*function)(int));
                __attribute__((no_instrument_function)) static noinline int inner(int x) {
                #ifdef PATCHED
                    return secret(x) + 1;
                #else
                    return secret(x);
                #endif
                }
                int f(int x) { keep(inner); return secret(x); }
                """.replace("extern void keep", "#define keep(x) secret((int) (long) (x))\n//"));

        assertTrue(
                difference.refusals().get(0).startsWith("function inner: has no place for ftrace"),
                difference::toString);
    }

    @Test
    void noLinkerMergesWhatTheOutputBrings() {
        Difference difference = diff(F.replace(
                "BODY",
                "const char *text = \"brought\"; __asm__ volatile(\"\" : : \"r\"(text)); x += secret((long) text);"));

        assertTrue(brings(difference, "brought"));
        assertTrue(output(difference).sections().stream().noneMatch(section -> section.has(Section.SHF_MERGE)));
    }

    @Test
    void commonVariablesAreRefused() {
        Difference difference =
                diff("__asm__(\".comm shared, 4, 4\");\nextern int shared;\n" + F.replace("BODY", "x += shared++;"));

        assertTrue(
                difference.refusals().get(0).contains("refers to shared, which has no section"), difference::toString);
    }

    @Test
    void aWeakFunctionThatTheKernelHasAnotherForIsNotReplaced() {
        CompiledPair pair = CompiledPair.of(
                directory, compiler, HEADER + F.replace("BODY", "").replace("int f", "__attribute__((weak)) int f"));
        Difference difference = Differences.of(pair, "vmlinux", new Parent.Symbols() {
            @Override
            public Parent.Place place(Symbol symbol) {
                return new Parent.Place(1, 0);
            }

            @Override
            public boolean isOverridden(Symbol symbol) {
                return symbol.name().equals("f");
            }
        });

        assertEquals(List.of(), difference.changed());
        assertTrue(difference.notes().get(0).startsWith("function f: is changed here, but vmlinux has another"));
    }

    @Test
    void aShortJumpOutOfASectionJoinsWhatIsBeforeIt() {
        Difference difference = diff("""
                #define SCHED __attribute__((section(".sched.text"), __noinline__))
                SCHED int a(int x) { return secret(x) * 3; }
                SCHED int b(int x) { __asm__ volatile(".byte 0xeb, 0x80"); return secret(x); }
                """);

        assertTrue(difference.isEmpty());
    }

    @Test
    void symbolsOutsideOfTheirSectionAreDamage() throws Exception {
        byte[] object = CompiledPair.of(directory, compiler, HEADER + F.replace("BODY", ""))
                .patched()
                .toBytes();
        ByteBuffer bytes = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(40);
        while (bytes.getInt(header + 4) != SHT_SYMTAB) {
            header += 64;
        }
        int lastSymbol = (int) (bytes.getLong(header + 24) + bytes.getLong(header + 32)) - 24;
        while (bytes.getShort(lastSymbol + 6) == 0) {
            lastSymbol -= 24;
        }
        bytes.putLong(lastSymbol + 8, -8);

        assertThrows(MalformedElfException.class, () -> RelocatableObject.parse(object));
    }
}
