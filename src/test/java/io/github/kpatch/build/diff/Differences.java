// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.build.diff.x86.X86;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Symbol;
import io.github.kpatch.testing.CompiledPair;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Differences of compiled pairs, and what is in their output, as tests look at it. */
final class Differences {
    /** What sources of kernels have everywhere. */
    static final String HEADER = """
            extern int printk(const char *text, ...);
            extern int secret(int value);
            extern int lend(int value), borrow(int value);
            #define noinline __attribute__((__noinline__))
            #define __init __attribute__((section(".init.text"), cold))
            """;

    private static final Map<String, String> EXPORTERS =
            Map.of("printk", "vmlinux", "__fentry__", "vmlinux", "lend", "library", "borrow", "library");

    private Differences() {}

    static Difference of(CompiledPair pair, String parentName) {
        Map<String, Long> symbols = pair.original().symbols().stream()
                .filter(symbol -> !symbol.name().startsWith(".L") && !symbol.isUndefined())
                .collect(Collectors.groupingBy(Symbol::name, Collectors.counting()));
        return of(
                pair,
                parentName,
                symbol -> new Parent.Place(
                        symbol.name().equals("secret")
                                ? 1
                                : symbols.getOrDefault(symbol.name(), 0L).intValue(),
                        0));
    }

    static Difference of(CompiledPair pair, String parentName, Parent.Symbols symbols) {
        Parent parent = new Parent(parentName, symbols, name -> Optional.ofNullable(EXPORTERS.get(name)));
        return ObjectDiff.of(pair.original(), pair.patched(), parent, new X86(Map.of()));
    }

    static RelocatableObject output(Difference difference) {
        assertEquals(List.of(), difference.refusals());
        return difference.output().orElseThrow().object();
    }

    static Set<String> defined(Difference difference, boolean functions) {
        return output(difference).symbols().stream()
                .filter(symbol -> symbol.section().isPresent() && !symbol.isSection())
                .filter(symbol -> symbol.isFunction() == functions)
                .map(Symbol::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static List<String> strings(Difference difference, String section) {
        return output(difference).sections().stream()
                .filter(s -> s.name().equals(section))
                .flatMap(s -> Arrays.stream(new String(s.content(), StandardCharsets.UTF_8).split("\0")))
                .toList();
    }

    static boolean brings(Difference difference, String text) {
        return output(difference).sections().stream()
                .map(section -> new String(section.content(), StandardCharsets.ISO_8859_1))
                .anyMatch(content -> content.contains(text));
    }
}
