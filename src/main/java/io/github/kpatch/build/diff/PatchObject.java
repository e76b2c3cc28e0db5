// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import io.github.kpatch.build.diff.Resolution.Livepatch;
import io.github.kpatch.build.diff.Resolution.None;
import io.github.kpatch.build.diff.Resolution.Ordinary;
import io.github.kpatch.build.diff.Resolution.Way;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The object that holds what was included: its sections, its symbols, and its references as relocations. */
final class PatchObject {
    private record Placed(Section section, long offset) {}

    /** Linkers that merge take the addend of an operand, which counts from its instruction's end, for another string. */
    private static final long MERGING = Section.SHF_MERGE | Section.SHF_STRINGS;

    private final Atoms patched;
    private final Set<Atom> included;
    private final Resolution resolution;
    private final Parent parent;

    private final RelocatableObject object;
    private final Map<Atom, Placed> places = new LinkedHashMap<>();
    private final Map<Symbol, Symbol> symbols = new LinkedHashMap<>();
    private final Map<String, Symbol> outside = new HashMap<>();
    private final Map<Section, Symbol> sectionSymbols = new LinkedHashMap<>();
    private final KpatchSections own;

    PatchObject(Atoms patched, Set<Atom> included, Resolution resolution, Parent parent, int absolute64) {
        this.patched = patched;
        this.included = included;
        this.resolution = resolution;
        this.parent = parent;
        this.object = new RelocatableObject(patched.object().machine(), 0);
        this.own = new KpatchSections(parent.name(), absolute64);
    }

    KpatchSections own() {
        return own;
    }

    /** Puts all in its place, before anything can refer to it. */
    void lay() {
        patched.object().symbols().stream()
                .filter(symbol -> symbol.type() == Symbol.STT_FILE)
                .findFirst()
                .ifPresent(object.symbols()::add);
        Map<Section, List<Atom>> bySection = new LinkedHashMap<>();
        for (Atom atom : patched.all()) {
            if (included.contains(atom)) {
                bySection
                        .computeIfAbsent(atom.section(), s -> new ArrayList<>())
                        .add(atom);
            }
        }
        for (Section section : patched.object().sections()) {
            List<Atom> atoms = bySection.get(section);
            if (atoms != null) {
                lay(section, atoms);
            }
        }
        bySection.values().forEach(this::link);
    }

    /** A section that goes with another goes with that of the first thing it refers to: its old one may be left out. */
    private void link(List<Atom> atoms) {
        Placed placed = places.get(atoms.get(0));
        if (placed == null || !placed.section().has(Section.SHF_LINK_ORDER)) {
            return;
        }
        for (Reference reference : atoms.get(0).references()) {
            Placed target = reference.target() instanceof Inside inside ? places.get(inside.atom()) : null;
            if (target != null) {
                placed.section().link(target.section());
            }
        }
    }

    private void lay(Section source, List<Atom> atoms) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Map<Atom, Long> offsets = new LinkedHashMap<>();
        long end = 0;
        for (Atom atom : atoms) {
            long start = atom.is(Kind.ENTRY) ? end : roundUp(end, alignment(source, atom));
            offsets.put(atom, start);
            while (source.hasContent() && content.size() < start) {
                content.write(0);
            }
            content.writeBytes(atom.bytes());
            end = start + atom.size();
        }
        Section section = source.hasContent()
                ? new Section(
                        source.name(),
                        source.type(),
                        source.flags() & ~MERGING,
                        source.alignment(),
                        source.has(MERGING) ? 0 : source.entrySize(),
                        content.toByteArray())
                : Section.empty(source.name(), source.flags(), source.alignment(), end);
        object.sections().add(section);
        offsets.forEach((atom, offset) -> {
            places.put(atom, new Placed(section, offset));
            for (Symbol symbol : atom.symbols()) {
                Symbol moved = symbol.at(section, symbol.value() - atom.start() + offset);
                symbols.put(symbol, moved);
                object.symbols().add(moved);
            }
        });
    }

    /** What an atom can rely upon: as its beginning was aligned in the section that it is from. */
    private static long alignment(Section source, Atom atom) {
        long natural = atom.start() == 0 ? source.alignment() : Long.lowestOneBit(atom.start());
        return Math.min(natural, source.alignment());
    }

    private static long roundUp(long value, long alignment) {
        return (value + alignment - 1) / alignment * alignment;
    }

    /**
     * Makes relocations of all references.
     *
     * @param refusals gets what refers to something that cannot be reached, and why
     */
    void relocate(BiConsumer<Atom, String> refusals) {
        for (Atom atom : patched.all()) {
            Placed placed = places.get(atom);
            if (placed != null) {
                for (Reference reference : atom.references()) {
                    relocate(atom, placed, reference, refusals);
                }
            }
        }
    }

    private void relocate(Atom atom, Placed placed, Reference reference, BiConsumer<Atom, String> refusals) {
        long offset = placed.offset() + reference.offset();
        if (reference.target() instanceof Inside inside) {
            Placed target = places.get(inside.atom());
            if (target != null) {
                Ordinary included = toIncluded(inside.atom(), target, reference.addend());
                add(placed.section(), offset, reference.type(), included);
                return;
            }
        }
        Way way = resolution.resolve(reference);
        if (way instanceof Ordinary ordinary) {
            Symbol symbol = fromOutside(ordinary.symbol());
            add(placed.section(), offset, reference.type(), new Ordinary(symbol, ordinary.addend()));
        } else if (way instanceof Livepatch livepatch) {
            if (!parent.isKernel() && (atom.is(Kind.ENTRY) || atom.is(Kind.FRAGMENT))) {
                refusals.accept(
                        atom,
                        "refers to " + livepatch.symbol() + " of module " + livepatch.object() + " in "
                                + atom.section().name() + ", which the kernel reads before it knows the module");
            }
            own.relocate(placed.section(), offset, reference.type(), livepatch);
        } else {
            refusals.accept(atom, ((None) way).reason());
        }
    }

    private static void add(Section section, long offset, int type, Ordinary target) {
        section.relocations().add(new Relocation(offset, type, target.symbol(), target.addend()));
    }

    private Ordinary toIncluded(Atom atom, Placed placed, long addend) {
        if (atom.symbol().isPresent()) {
            Symbol symbol = atom.symbol().get();
            return new Ordinary(moved(symbol), addend - (symbol.value() - atom.start()));
        }
        return new Ordinary(symbolOf(placed.section()), placed.offset() + addend);
    }

    /** A symbol in its new place. */
    Symbol moved(Symbol symbol) {
        Symbol moved = symbols.get(symbol);
        if (moved == null) {
            throw new IllegalStateException(symbol + " was not included");
        }
        return moved;
    }

    private Symbol fromOutside(Symbol symbol) {
        return outside.computeIfAbsent(symbol.name(), name -> {
            Symbol wanted = symbol.isUndefined() ? Symbol.undefined(name, symbol.binding()) : symbol;
            object.symbols().add(wanted);
            return wanted;
        });
    }

    private Symbol symbolOf(Section section) {
        return sectionSymbols.computeIfAbsent(section, s -> {
            Symbol symbol = Symbol.of(s);
            object.symbols().add(symbol);
            return symbol;
        });
    }

    /** The object, with the sections for the glue. */
    RelocatableObject finish() {
        object.sections().addAll(own.build(this::symbolOf));
        return object;
    }
}
