// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** An object taken apart. */
final class Atoms {
    private final RelocatableObject object;
    private final List<Atom> all;

    /** Of each section the atoms by where they begin. */
    private final Map<Section, NavigableMap<Long, Atom>> bySection = new LinkedHashMap<>();

    private final Map<Section, TableLayout> layouts;

    Atoms(RelocatableObject object, List<Atom> all, Map<Section, TableLayout> layouts) {
        this.object = object;
        this.all = List.copyOf(all);
        this.layouts = layouts;
        for (Atom atom : all) {
            bySection.computeIfAbsent(atom.section(), s -> new TreeMap<>()).put(atom.start(), atom);
        }
    }

    RelocatableObject object() {
        return object;
    }

    /** In the order of the file. */
    List<Atom> all() {
        return all;
    }

    List<Atom> of(Atom.Kind kind) {
        return all.stream().filter(atom -> atom.is(kind)).toList();
    }

    Optional<TableLayout> layout(Section section) {
        return Optional.ofNullable(layouts.get(section));
    }

    /**
     * The atom that a place in a section belongs to: the one that begins last before it, since what lies between two is
     * the padding of the first, and a place at the very end of a section is the end of its last.
     */
    Optional<Atom> at(Section section, long offset) {
        NavigableMap<Long, Atom> atoms = bySection.get(section);
        if (atoms == null) {
            return Optional.empty();
        }
        Map.Entry<Long, Atom> found = atoms.floorEntry(offset);
        return Optional.of(found == null ? atoms.firstEntry().getValue() : found.getValue());
    }

    /** The atom that a symbol names. */
    Optional<Atom> of(Symbol symbol) {
        return symbol.section().flatMap(section -> at(section, symbol.value()));
    }
}
