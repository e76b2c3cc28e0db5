// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static io.github.kpatch.build.diff.Differences.HEADER;
import static io.github.kpatch.build.diff.Differences.defined;
import static io.github.kpatch.build.diff.Differences.output;
import static io.github.kpatch.build.diff.Differences.strings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.CompiledPair;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the static keys and static calls of a module that is patched, which may come after its patch. */
@ParameterizedClass
@ValueSource(strings = {"gcc", "clang"})
class ModuleKeysTest {
    private static final String F = """
            struct key { long enabled, entries; };
            extern struct key KEY;
            __attribute__((always_inline)) static inline int isOn(void) {
                __asm__ goto("1: .byte 0x0f, 0x1f, 0x44, 0x00, 0x00\\n"
                    ".pushsection __jump_table, \\"aw\\"\\n.balign 8\\n"
                    ".long 1b - ., %l[yes] - .\\n.quad %c0 + %c1 - .\\n.popsection"
                    : : "i" (&KEY), "i" (2) : : yes);
                return 0;
            yes:
                return 1;
            }
            int f(int x) {
                if (isOn())
                    printk("on");
            #ifdef PATCHED
                x++;
            #endif
                return secret(x);
            }
            """;

    private final String compiler;
    private final Path directory;

    ModuleKeysTest(String compiler, @TempDir Path directory) {
        this.compiler = compiler;
        this.directory = directory;
    }

    private Difference diff(String parent, String source) {
        return Differences.of(
                CompiledPair.of(directory, compiler, HEADER + source), parent, symbol -> new Parent.Place(1, 0));
    }

    private static List<String> sections(Difference difference) {
        return output(difference).sections().stream()
                .map(section -> section.name())
                .toList();
    }

    @Test
    void tracepointsOfTheModuleStaySilent() {
        Difference difference = diff("ext4", F.replace("KEY", "__tracepoint_ext4_sync"));

        assertEquals(Set.of("f"), defined(difference, true));
        assertTrue(!sections(difference).contains("__jump_table"), () -> "sections " + sections(difference));
        assertEquals(
                List.of("function f: its tracepoint ext4_sync is silent as long as the patch is loaded"),
                difference.notes());
    }

    @Test
    void tracepointsOfTheKernelDoNot() {
        Difference difference = diff("vmlinux", F.replace("KEY", "__tracepoint_ext4_sync"));

        assertTrue(sections(difference).contains("__jump_table"), () -> "sections " + sections(difference));
        assertEquals(List.of(), difference.notes());
    }

    @Test
    void otherKeysOfTheModuleAreRefused() {
        Difference difference = diff("ext4", F.replace("KEY", "ext4_busy"));

        assertEquals(
                List.of("function f: refers to ext4_busy of module ext4 in __jump_table,"
                        + " which the kernel reads before it knows the module"),
                difference.refusals());
    }

    @Test
    void staticCallsOfTheModuleGoThroughTheirTrampoline() {
        Difference difference = diff("ext4", """
                extern long __SCK__tp_func_sync;
                #ifdef PATCHED
                #define MORE 1
                #else
                #define MORE 0
                #endif
                int f(int x) {
                    __asm__ volatile("1: call __SCT__tp_func_sync\\n"
                        ".pushsection .static_call_sites, \\"aw\\"\\n.long 1b - ., %c0 - .\\n.popsection"
                        : : "i" (&__SCK__tp_func_sync));
                    return secret(x) + MORE;
                }
                """);

        assertEquals(Set.of("f"), defined(difference, true));
        assertTrue(!sections(difference).contains(".static_call_sites"), () -> "sections " + sections(difference));
        assertEquals(List.of(), difference.notes());
    }

    /** The patch can be loaded before the module, and before those that it needs. */
    @Test
    void whatTheModuleHasFromAnotherIsResolvedWhenItComes() {
        Difference difference = diff("ext4", """
                #ifdef PATCHED
                int f(int x) { return lend(borrow(x)); }
                #else
                int f(int x) { return borrow(x); }
                #endif
                """);

        assertEquals(
                List.of("ext4", "f", ".klp.sym.library.borrow,0", ".klp.sym.library.lend,0"),
                strings(difference, KpatchSections.STRINGS).stream()
                        .sorted(Comparator.comparing(name -> name.startsWith(".")))
                        .toList());
    }

    @Test
    void aModuleThatItDidNotNeedHasToBeThereWithThePatch() {
        Difference difference =
                diff("ext4", F.replace("KEY", "__tracepoint_ext4_sync").replace("x++", "x = lend(x)"));

        assertTrue(output(difference).symbols().stream()
                .anyMatch(symbol -> symbol.isUndefined() && symbol.name().equals("lend")));
    }
}
