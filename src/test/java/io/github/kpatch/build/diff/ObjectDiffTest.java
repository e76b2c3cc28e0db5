// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static io.github.kpatch.build.diff.Differences.HEADER;
import static io.github.kpatch.build.diff.Differences.brings;
import static io.github.kpatch.build.diff.Differences.defined;
import static io.github.kpatch.build.diff.Differences.output;
import static io.github.kpatch.build.diff.Differences.strings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import io.github.kpatch.testing.CompiledPair;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the difference of two objects is, which two compilers make of small sources. */
@ParameterizedClass
@ValueSource(strings = {"gcc", "clang"})
class ObjectDiffTest {
    private final String compiler;
    private final Path directory;

    ObjectDiffTest(String compiler, @TempDir Path directory) {
        this.compiler = compiler;
        this.directory = directory;
    }

    private Difference diff(String source) {
        CompiledPair pair = CompiledPair.of(directory, compiler, HEADER + source);
        return Differences.of(pair, "vmlinux");
    }

    @Test
    void anObjectThatIsTheSameHasNoDifference() {
        Difference difference = diff("int f(int x) { return secret(x) + printk(\"f\"); }");

        assertTrue(difference.isEmpty());
    }

    @Test
    void aChangedFunctionIsIncludedAndNoOther() {
        Difference difference = diff("""
                int count;
                int other(int x) { count++; return secret(x) * 3; }
                #ifdef PATCHED
                int f(int x) { return other(x) + secret(x) + 1; }
                #else
                int f(int x) { return other(x) + secret(x); }
                #endif
                """.replace("int other", "noinline int other"));

        assertEquals(List.of("f"), difference.changed());
        assertEquals(Set.of("f"), defined(difference, true));
        assertEquals(1, difference.output().orElseThrow().functions());
        assertEquals(
                List.of("vmlinux", "f", ".klp.sym.vmlinux.other,0", ".klp.sym.vmlinux.secret,0"),
                strings(difference, KpatchSections.STRINGS));
    }

    @Test
    void aChangedStringChangesTheFunction() {
        Difference difference = diff("""
                int g(void) { return printk("untouched"); }
                #ifdef PATCHED
                int f(void) { return printk("after"); }
                #else
                int f(void) { return printk("befor"); }
                #endif
                """);

        assertEquals(List.of("f"), difference.changed());
        assertTrue(brings(difference, "after"));
        assertTrue(!brings(difference, "untouched"));
    }

    @Test
    void aNewFunctionWithANewStaticLocalComesAlong() {
        Difference difference = diff("""
                #ifdef PATCHED
                static noinline int helper(int x) { static int calls = 7; return secret(x) + calls++; }
                int f(int x) { return helper(x); }
                #else
                int f(int x) { return secret(x); }
                #endif
                """);

        assertEquals(List.of("f"), difference.changed());
        assertEquals(List.of("helper"), difference.added());
        assertEquals(Set.of("f", "helper"), defined(difference, true));
        assertEquals(1, defined(difference, false).size());
    }

    @Test
    void theStateInAStaticLocalIsTheKernelsOwn() {
        Difference difference = diff("""
                int a(int x) { static int calls; return secret(x) + calls++; }
                #ifdef PATCHED
                int b(int x) { static int calls; static int more; return secret(x + 1) + calls++ + more++; }
                #else
                int b(int x) { static int calls; return secret(x) + calls++; }
                #endif
                int c(int x) { static int calls; return secret(x) - calls++; }
                """);

        assertEquals(List.of("b"), difference.changed());
        Set<String> data = defined(difference, false);
        assertEquals(1, data.size(), data::toString);
        assertTrue(data.iterator().next().contains("more"));
        assertTrue(strings(difference, KpatchSections.STRINGS).stream().anyMatch(name -> name.contains("calls")));
    }

    @Test
    void aNewGlobalVariableComesAlong() {
        Difference difference = diff("""
                #ifdef PATCHED
                int limit = 42;
                int f(int x) { return secret(x) + limit; }
                #else
                int f(int x) { return secret(x); }
                #endif
                """);

        assertEquals(Set.of("limit"), defined(difference, false));
    }

    @Test
    void anExportedFunctionIsReferredToInTheOrdinaryWay() {
        Difference difference = diff("int f(void) {\n#ifdef PATCHED\nprintk(\"x\");\n#endif\nreturn secret(1); }");

        List<String> wanted = output(difference).symbols().stream()
                .filter(Symbol::isUndefined)
                .map(Symbol::name)
                .sorted()
                .toList();
        assertEquals(List.of("__fentry__", "printk"), wanted);
    }

    @Test
    void changedInitialisedDataIsRefused() {
        Difference difference = diff("""
                #ifdef PATCHED
                int limit = 5;
                #else
                int limit = 4;
                #endif
                int f(int x) { return limit + x; }
                """);

        assertEquals(
                List.of("variable limit in .data.limit: its initial value or its size changed,"
                        + " and the kernel has long been using it"),
                difference.refusals());
        assertTrue(difference.output().isEmpty());
    }

    @Test
    void aChangedInitFunctionIsRefused() {
        Difference difference = diff("""
                #ifdef PATCHED
                int __init start(void) { return secret(2); }
                #else
                int __init start(void) { return secret(1); }
                #endif
                """);

        assertEquals(
                List.of("function start: is changed or new in .init.text,"
                        + " and vmlinux has run and freed it when a patch is loaded"),
                difference.refusals());
    }

    @Test
    void aFunctionThatFtraceCannotRedirectIsRefused() {
        Difference difference = diff("""
                __attribute__((no_instrument_function)) int f(int x) {
                #ifdef PATCHED
                    return secret(x) + 1;
                #else
                    return secret(x);
                #endif
                }
                """);

        assertEquals(
                List.of("function f: has no place for ftrace to redirect it"
                        + " (it is notrace, or was left out by the compiler)"),
                difference.refusals());
    }

    @Test
    void itsCallersAreReplacedWhereTheyAreAllThereAre() {
        Difference difference = diff("""
                __attribute__((no_instrument_function)) static noinline int inner(int x) {
                #ifdef PATCHED
                    return secret(x) + 1;
                #else
                    return secret(x);
                #endif
                }
                int f(int x) { return inner(x) * 3; }
                int g(int x) { return inner(x) * 5; }
                """);

        assertEquals(Set.of("f", "g", "inner"), defined(difference, true));
        assertEquals(2, difference.output().orElseThrow().functions());
    }

    /** Its places are listed in __patchable_function_entries, whether ftrace may have the function or not. */
    @Test
    void paddingBeforeAFunctionIsNoPlaceForFtrace() {
        Difference difference = diff("""
                __attribute__((no_instrument_function, patchable_function_entry(16, 16)))
                static noinline int inner(int x) {
                #ifdef PATCHED
                    return secret(x) + 1;
                #else
                    return secret(x);
                #endif
                }
                int f(int x) { return inner(x) * 3; }
                """);

        assertEquals(Set.of("f", "inner"), defined(difference, true));
        assertEquals(1, difference.output().orElseThrow().functions());
    }

    @Test
    void butNotWhereDataPointsToIt() {
        Difference difference = diff("""
                __attribute__((no_instrument_function)) static noinline int inner(int x) {
                #ifdef PATCHED
                    return secret(x) + 1;
                #else
                    return secret(x);
                #endif
                }
                int f(int x) { return inner(x) * 3; }
                int (*operation)(int x) = inner;
                """);

        assertTrue(difference.refusals().get(0).startsWith("function inner: has no place for ftrace"));
    }

    @Test
    void functionsOfASectionOfTheirOwnAreToldApart() {
        Difference difference = diff("""
                #define SCHED __attribute__((section(".sched.text"), __noinline__))
                #define LONG __asm__(".skip 200, 0x90")
                SCHED static int a(int x) { LONG; return secret(x) * 3; }
                SCHED int b(int x) { LONG; if (x > 3) return a(x); return a(x + 1) + 1; }
                #ifdef PATCHED
                SCHED int c(int x) { LONG; return b(x) + secret(x + 1) + a(9); }
                #else
                SCHED int c(int x) { LONG; return b(x) + secret(x) + a(9); }
                #endif
                SCHED int d(int x) { LONG; if (x) return c(x) + 1; return b(2); }
                """);

        assertEquals(List.of("c"), difference.changed(), difference::toString);
        assertEquals(Set.of("c"), defined(difference, true));
        assertTrue(strings(difference, KpatchSections.STRINGS).contains(".klp.sym.vmlinux.a,0"));
    }

    @Test
    void aConstantThatOnlyFunctionsLookAtIsBroughtInItsNewVersion() {
        Difference difference = diff("""
                #ifdef PATCHED
                static const int table[] = {1, 2, 3, 40, 5, 6, 7, 8, 9};
                #else
                static const int table[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
                #endif
                int f(int x) { return table[x & 7]; }
                int g(int x) { return secret(x); }
                """);

        assertEquals(List.of("f"), difference.changed());
        assertEquals(Set.of("table"), defined(difference, false));
    }

    @Test
    void aConstantThatDataPointsToIsNot() {
        Difference difference = diff("""
                #ifdef PATCHED
                static const int table[] = {1, 2, 3, 40, 5, 6, 7, 8, 9};
                #else
                static const int table[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
                #endif
                const int *shared = table;
                int f(int x) { return table[x & 7]; }
                """);

        assertTrue(difference.refusals().get(0).startsWith("variable table in .rodata.table:"), difference::toString);
    }

    @Test
    void aSwitchBringsItsTableOfJumps() {
        Difference difference = diff("""
                int f(int x) {
                    switch (x) {
                    case 0: return secret(10);
                    case 1: return printk("one");
                    case 2: return secret(33) * 2;
                    case 3: return printk("three") + 5;
                    case 4: return secret(x) - 1;
                    #ifdef PATCHED
                    case 5: return printk("five") / 3;
                    #endif
                    case 6: return secret(6) ^ 9;
                    case 7: return printk("seven") & 7;
                    }
                    return 0;
                }
                """);

        assertEquals(List.of("f"), difference.changed());
        Section table = output(difference).sections().stream()
                .filter(section -> section.name().startsWith(".rodata")
                        && section.relocations().size() == 8)
                .findFirst()
                .orElseThrow();
        assertTrue(table.relocations().stream()
                .allMatch(relocation -> relocation.symbol().toString().endsWith("f")));
    }

    @Test
    void theColdPartOfAFunctionComesAlong() {
        Difference difference = diff("""
                extern void fatal(const char *why) __attribute__((cold, noreturn));
                int f(int x) {
                    if (__builtin_expect(x == 77, 0)) {
                        printk("unlikely");
                #ifdef PATCHED
                        printk("more");
                #endif
                        fatal("now");
                    }
                    return secret(x);
                }
                """);

        assertEquals(List.of("f"), difference.changed());
        Set<String> functions = defined(difference, true);
        assertTrue(functions.equals(Set.of("f", "f.cold")) || functions.equals(Set.of("f")), functions::toString);
    }

    @Test
    void aFunctionThatCallsAReplacedOneGetsTheReplacement() {
        Difference difference = diff("""
                #ifdef PATCHED
                noinline int inner(int x) { return secret(x) + 1; }
                int outer(int x) { return inner(x) * 3; }
                #else
                noinline int inner(int x) { return secret(x); }
                int outer(int x) { return inner(x) * 2; }
                #endif
                """);

        assertEquals(List.of("inner", "outer"), difference.changed());
        assertTrue(strings(difference, KpatchSections.STRINGS).stream().noneMatch(name -> name.contains(".inner,")));
    }

    @Test
    void aRemovedFunctionIsTold() {
        Difference difference = diff("""
                #ifdef PATCHED
                int f(int x) { return secret(x); }
                #else
                noinline int old(int x) { return secret(x) * 5; }
                int f(int x) { return old(x); }
                #endif
                """);

        assertEquals(List.of("old"), difference.removed());
        assertEquals(List.of("f"), difference.changed());
    }

    @Test
    void callbacksOfTheAuthorAreHandedOn() {
        Difference difference = diff("""
                #ifdef PATCHED
                struct klp_object;
                static int before(struct klp_object *object) { return secret(1); }
                static int (*pre)(struct klp_object *)
                    __attribute__((section(".kpatch.callbacks.pre_patch"), used)) = before;
                int f(int x) { return secret(x) + 1; }
                #else
                int f(int x) { return secret(x); }
                #endif
                """);

        assertEquals(List.of("pre_patch"), difference.output().orElseThrow().callbacks());
        assertEquals(Set.of("f", "before"), defined(difference, true));
    }

    @Test
    void anExportThatIsNewIsNoted() {
        Difference difference = diff("""
                #ifdef PATCHED
                int f(int x) { return secret(x) + 1; }
                static const void *__ksymtab_f __attribute__((section("___ksymtab+f"), used)) = f;
                #else
                int f(int x) { return secret(x); }
                #endif
                """);

        assertEquals(List.of("exports f anew, of which only this patch can make use"), difference.notes());
    }

    @Test
    void aFunctionThatTheAuthorIgnoresStaysAsItIs() {
        Difference difference = diff("""
                #ifdef PATCHED
                int f(int x) { return secret(x) + 1; }
                int g(int x) { return secret(x) + 1; }
                static void *ignored __attribute__((section(".kpatch.ignore.functions"), used)) = g;
                #else
                int f(int x) { return secret(x); }
                int g(int x) { return secret(x); }
                #endif
                """);

        assertEquals(List.of("f"), difference.changed());
    }
}
