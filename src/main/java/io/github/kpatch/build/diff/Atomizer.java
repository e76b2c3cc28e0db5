// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import io.github.kpatch.build.diff.Reference.Outside;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes an object apart into atoms. */
final class Atomizer {
    private final RelocatableObject object;
    private final MachineRules machine;
    private final List<Atom> atoms = new ArrayList<>();
    private final Map<Section, List<Symbol>> symbols = new LinkedHashMap<>();
    private final Map<Section, TableLayout> layouts = new LinkedHashMap<>();

    /** Of sections with code that has no names, the places that something refers to. */
    private final Map<Section, TreeSet<Long>> fragmentStarts = new LinkedHashMap<>();

    private Atomizer(RelocatableObject object, MachineRules machine) {
        this.object = object;
        this.machine = machine;
    }

    static Atoms takeApart(RelocatableObject object, MachineRules machine) {
        Atomizer atomizer = new Atomizer(object, machine);
        atomizer.sortSymbols();
        atomizer.findFragments();
        for (Section section : object.sections()) {
            if (section.isAllocated()) {
                atomizer.split(section);
            }
        }
        Atoms result = new Atoms(object, atomizer.atoms, atomizer.layouts);
        atomizer.refer(result);
        return result;
    }

    private void sortSymbols() {
        for (Symbol symbol : object.symbols()) {
            if (symbol.section().isPresent() && !symbol.isSection() && !SymbolNames.isLabel(symbol.name())) {
                symbols.computeIfAbsent(symbol.section().get(), s -> new ArrayList<>())
                        .add(symbol);
            }
        }
    }

    private List<Symbol> symbolsOf(Section section) {
        return symbols.getOrDefault(section, List.of());
    }

    private boolean isFragments(Section section) {
        return machine.isFragments(section.name())
                || (section.isExecutable() && symbolsOf(section).isEmpty());
    }

    private void findFragments() {
        for (Section section : object.sections()) {
            for (Relocation relocation : section.relocations()) {
                Optional<Section> target = relocation.symbol().section();
                if (target.isPresent()
                        && target.get().isAllocated()
                        && isFragments(target.get())
                        && machine.beginsFragment(section, target.get())) {
                    fragmentStarts
                            .computeIfAbsent(target.get(), s -> new TreeSet<>())
                            .add(placeMeant(section, relocation));
                }
            }
        }
    }

    private long placeMeant(Section section, Relocation relocation) {
        return relocation.symbol().value() + relocation.addend() + machine.bias(section, relocation);
    }

    private void split(Section section) {
        Optional<TableLayout> table = machine.table(section);
        if (table.isPresent()) {
            layouts.put(section, withSize(table.get()));
            every(section, layouts.get(section).entrySize(), Kind.ENTRY);
        } else if (SectionNames.isIgnored(section.name())) {
            atoms.add(new Atom(section, Kind.IGNORED, 0, section.size(), SymbolNames.bestFirst(symbolsOf(section))));
        } else if (isFragments(section)) {
            fragments(section);
        } else if (section.isExecutable()) {
            functions(section);
        } else if (SectionNames.isOfSanitizer(section.name())
                && symbolsOf(section).isEmpty()) {
            atoms.add(new Atom(section, Kind.LITERAL, 0, section.size(), List.of()));
        } else if (section.has(Section.SHF_MERGE) && !hasGlobals(section)) {
            atoms.addAll(DataParts.literals(section));
        } else {
            atoms.addAll(DataParts.variables(section, symbolsOf(section)));
        }
    }

    /** clang puts constants that have a name, but a local one, between literals; globals are none that may be merged. */
    private boolean hasGlobals(Section section) {
        return symbolsOf(section).stream().anyMatch(symbol -> !symbol.isLocal());
    }

    /** The rules of unwinding are as many as their places, which tell the size of one. */
    private TableLayout withSize(TableLayout layout) {
        if (layout.role() != TableLayout.Role.UNWIND_RULES || layout.entrySize() > 0) {
            return layout;
        }
        long rules = sizeOf(".orc_unwind");
        long places = sizeOf(".orc_unwind_ip") / 4;
        boolean fits = places > 0 && rules % places == 0;
        return new TableLayout(fits ? (int) (rules / places) : 0, layout.role());
    }

    private long sizeOf(String name) {
        return object.section(name).map(Section::size).orElse(0L);
    }

    /** A table whose entries are not understood is one entry, and nobody's. */
    private void every(Section section, int size, Kind kind) {
        long step = size > 0 ? size : Math.max(1, section.size());
        for (long start = 0; start < section.size(); start += step) {
            atoms.add(new Atom(section, kind, start, Math.min(start + step, section.size()), List.of()));
        }
    }

    private void fragments(Section section) {
        TreeSet<Long> starts = fragmentStarts.getOrDefault(section, new TreeSet<>());
        starts.add(0L);
        for (Long start : starts) {
            Long next = starts.higher(start);
            long end = next == null ? section.size() : Math.min(next, section.size());
            if (start >= 0 && start <= end) {
                atoms.add(new Atom(section, Kind.FRAGMENT, start, end, List.of()));
            }
        }
    }

    /** One atom for each, or one for all where they cannot be moved apart. */
    private void functions(Section section) {
        NavigableMap<Long, List<Symbol>> parts = parts(section);
        if (parts.size() > 1) {
            NavigableSet<Long> starts = new TreeSet<>(parts.keySet());
            machine.separate(section, starts, wholeOf(section));
            join(parts, starts);
        }
        if (parts.size() <= 1) {
            atoms.add(new Atom(section, Kind.FUNCTION, 0, section.size(), SymbolNames.bestFirst(symbolsOf(section))));
            return;
        }
        parts.forEach((start, symbols) -> {
            Long next = parts.higherKey(start);
            long end = next == null ? section.size() : next;
            long used = symbols.stream()
                    .mapToLong(symbol -> symbol.value() + symbol.size())
                    .max()
                    .orElse(end);
            atoms.add(new Atom(
                    section,
                    Kind.FUNCTION,
                    start,
                    used > start ? Math.min(used, end) : end,
                    SymbolNames.bestFirst(symbols)));
        });
    }

    private static void join(NavigableMap<Long, List<Symbol>> parts, NavigableSet<Long> starts) {
        for (Long start : List.copyOf(parts.keySet())) {
            if (!starts.contains(start)) {
                List<Symbol> symbols = parts.getOrDefault(start, List.of());
                parts.remove(start);
                parts.floorEntry(start).getValue().addAll(symbols);
            }
        }
    }

    /** Where functions begin, each with the padding that has a name before it, and the symbols in it. */
    private NavigableMap<Long, List<Symbol>> parts(Section section) {
        List<Symbol> sorted = new ArrayList<>(symbolsOf(section));
        sorted.sort(Comparator.comparingLong(Symbol::value));
        TreeMap<Long, List<Symbol>> parts = new TreeMap<>();
        boolean afterPadding = false;
        for (Symbol symbol : sorted) {
            boolean isPadding = SymbolNames.isPadding(symbol.name());
            boolean begins = symbol.isFunction() && !afterPadding;
            if (parts.isEmpty()) {
                parts.put(0L, new ArrayList<>());
            } else if (begins) {
                parts.putIfAbsent(symbol.value(), new ArrayList<>());
            }
            parts.lastEntry().getValue().add(symbol);
            afterPadding = isPadding || (afterPadding && !symbol.isFunction());
        }
        return parts;
    }

    private Symbol wholeOf(Section section) {
        return object.symbols().stream()
                .filter(symbol -> symbol.isSection()
                        && symbol.section().filter(s -> s == section).isPresent())
                .findFirst()
                .orElseGet(() -> {
                    Symbol symbol = Symbol.of(section);
                    object.symbols().add(symbol);
                    return symbol;
                });
    }

    private void refer(Atoms result) {
        for (Section section : object.sections()) {
            if (!section.isAllocated()) {
                continue;
            }
            TableLayout layout = layouts.get(section);
            for (Relocation relocation : section.relocations()) {
                if (layout == null || !layout.isOfNothing(section.content(), relocation.offset())) {
                    result.at(section, relocation.offset())
                            .ifPresent(atom -> atom.references().add(reference(result, atom, relocation)));
                }
            }
        }
    }

    private Reference reference(Atoms result, Atom atom, Relocation relocation) {
        Symbol symbol = relocation.symbol();
        long offset = relocation.offset() - atom.start();
        Optional<Section> home = symbol.section();
        if (home.isEmpty()) {
            return new Reference(offset, relocation.type(), new Outside(symbol), relocation.addend());
        }
        long meant = placeMeant(atom.section(), relocation);
        Optional<Atom> target = result.at(home.get(), symbol.isSection() ? meant : symbol.value());
        if (target.isEmpty()) {
            return new Reference(offset, relocation.type(), new Outside(symbol), relocation.addend());
        }
        long start = target.get().start();
        return new Reference(
                offset,
                relocation.type(),
                new Inside(target.get(), meant - start),
                symbol.value() + relocation.addend() - start);
    }
}
