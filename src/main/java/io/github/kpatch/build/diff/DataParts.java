// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What sections of data are made of: literals that the linker may merge, or variables and what lies between them. */
final class DataParts {
    private final Section section;
    private final List<Symbol> symbols;
    private final List<Atom> atoms = new ArrayList<>();

    private DataParts(Section section, List<Symbol> symbols) {
        this.section = section;
        this.symbols = symbols;
    }

    /** Strings, up to and with the zero that ends each, or constants of one size. */
    static List<Atom> literals(Section section) {
        List<Atom> atoms = new ArrayList<>();
        int unit = (int) Math.max(1, Math.min(section.entrySize(), section.size()));
        boolean strings = section.has(Section.SHF_STRINGS) && section.hasContent();
        int size = (int) section.size();
        int start = 0;
        for (int end = unit; start < size; end += unit) {
            if (end >= size || !strings || isZero(section.content(), end - unit, end)) {
                atoms.add(new Atom(section, Kind.LITERAL, start, Math.min(end, size), List.of()));
                start = end;
            }
        }
        return atoms;
    }

    private static boolean isZero(byte[] content, int from, int to) {
        for (int i = from; i < to; i++) {
            if (content[i] != 0) {
                return false;
            }
        }
        return true;
    }

    static List<Atom> variables(Section section, List<Symbol> symbols) {
        DataParts parts = new DataParts(section, symbols);
        parts.variables();
        return parts.atoms;
    }

    private void variables() {
        List<Symbol> sorted = new ArrayList<>(symbols);
        sorted.sort(Comparator.comparingLong(Symbol::value)
                .thenComparing(Comparator.comparingLong(Symbol::size).reversed()));
        long end = 0;
        int next = 0;
        while (next < sorted.size()) {
            long start = sorted.get(next).value();
            gap(end, start);
            end = start + sorted.get(next).size();
            List<Symbol> names = new ArrayList<>();
            while (next < sorted.size() && (sorted.get(next).value() < end || names.isEmpty())) {
                end = Math.max(end, sorted.get(next).value() + sorted.get(next).size());
                names.add(sorted.get(next++));
            }
            if (end == start) { // a label says where something begins, and not how long it is
                end = next < sorted.size() ? sorted.get(next).value() : section.size();
            }
            end = Math.min(end, section.size());
            if (end >= start) { // there are variables without a size, such as the keys of a lockdep that is off
                atoms.add(new Atom(section, Kind.DATA, start, end, SymbolNames.bestFirst(names)));
            }
        }
        gap(end, section.size());
    }

    /** What lies between variables: padding, or something without a name. */
    private void gap(long from, long to) {
        if (from < to && (symbols.isEmpty() || !isPadding(from, to))) {
            atoms.add(new Atom(section, section.isWritable() ? Kind.DATA : Kind.LITERAL, from, to, List.of()));
        }
    }

    private boolean isPadding(long from, long to) {
        if (section.relocations().stream().anyMatch(r -> r.offset() >= from && r.offset() < to)) {
            return false;
        }
        for (long i = from; section.hasContent() && i < to; i++) {
            if (section.content()[(int) i] != 0) {
                return false;
            }
        }
        return true;
    }
}
