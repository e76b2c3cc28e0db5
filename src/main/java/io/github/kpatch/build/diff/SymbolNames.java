// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What compilers and the kernel's macros do to names. */
final class SymbolNames {
    /** Numbers that compilers add to static locals and clones, and which shift when anything before them changes. */
    private static final Pattern DOT_NUMBER = Pattern.compile("\\.\\d+");

    /** Numbers that macros of the kernel take from a counter of the compiler or from the line, which shift likewise. */
    private static final Pattern UNIQUE_ID = Pattern.compile("(__UNIQUE_ID_.*?|__BTF_ID__.*__)\\d+");

    /**
     * What macros and the compiler make in every function that needs it: names of the function, flags that say that a
     * warning was given, keys for lockdep, tables of switches. A copy is as good as the kernel's own, whose number
     * nobody can rely upon.
     */
    private static final Set<String> AS_GOOD_AS_NEW = Set.of(
            "__func__",
            "__FUNCTION__",
            "__PRETTY_FUNCTION__",
            "__key",
            "__warned",
            "__already_done",
            "__print_once",
            "_rs",
            "CSWTCH",
            "___tp_str",
            "__tpstrtab");

    /** These are common words: what they name is only that if it lies where the macros put it. */
    private static final Set<String> OF_MESSAGES = Set.of("_entry", "_entry_ptr", "descriptor", "__UNIQUE_ID_ddebug");

    private SymbolNames() {}

    /** The name without the numbers that shift. */
    static String lasting(String name) {
        Matcher unique = UNIQUE_ID.matcher(name);
        if (unique.lookingAt()) {
            return unique.group(1);
        }
        return DOT_NUMBER.matcher(name).replaceAll("");
    }

    /** The name without a number at its end, such as that of a line in the names of the entries of tables. */
    static String withoutNumber(String name) {
        int end = name.length();
        while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(0, end);
    }

    /** Whether it marks the padding before a function, which objtool and clang name after it. */
    static boolean isPadding(String name) {
        return name.startsWith("__pfx_") || name.startsWith("__cfi_");
    }

    /** Whether it is a label of the compiler's own, which linkers drop and kernels do not have. */
    static boolean isLabel(String name) {
        return name.startsWith(".L");
    }

    /** Whether the number in a name may shift. */
    static boolean isNumbered(String name) {
        return !lasting(name).equals(name);
    }

    /** The number in a name that says the order of what has the same name. */
    static long number(String name) {
        Matcher number = Pattern.compile("\\d+").matcher(name);
        String last = "0";
        while (number.find()) {
            last = number.group();
        }
        return last.length() > 18 ? Long.MAX_VALUE : Long.parseLong(last);
    }

    static boolean isAsGoodAsNew(Symbol symbol) {
        String section = symbol.section().map(Section::name).orElse("");
        return symbol.isLocal()
                && symbol.name().matches(".*\\d|.*\\..*|___?tp.*")
                && (isOneOf(AS_GOOD_AS_NEW, symbol)
                        || (SectionNames.isOfMessages(section) && isOneOf(OF_MESSAGES, symbol)));
    }

    private static boolean isOneOf(Set<String> known, Symbol symbol) {
        String name = lasting(symbol.name());
        return known.contains(name)
                || known.stream().anyMatch(other -> name.endsWith('.' + other) || name.startsWith(other + '.'));
    }

    /** The part of a function that its compiler expects not to run, in a section of its own. */
    static boolean isCold(String name) {
        return name.contains(".cold");
    }

    /** The function that a cold part is of. */
    static String parent(String cold) {
        return cold.substring(0, cold.indexOf(".cold"));
    }

    /** The best name is the one that the section has; those that mark the padding before a function are the worst. */
    static List<Symbol> bestFirst(List<Symbol> symbols) {
        List<Symbol> best = new ArrayList<>(symbols);
        best.sort(Comparator.comparingInt(SymbolNames::rank));
        return best;
    }

    private static int rank(Symbol symbol) {
        String section = symbol.section().map(Section::name).orElse("");
        if (isPadding(symbol.name())) {
            return 4;
        }
        if (section.endsWith('.' + symbol.name())) {
            return 0;
        }
        return symbol.type() == Symbol.STT_NOTYPE ? 3 : symbol.isLocal() ? 2 : 1;
    }
}
