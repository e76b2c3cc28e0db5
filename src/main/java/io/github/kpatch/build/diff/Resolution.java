// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Parent.Place;
import io.github.kpatch.build.diff.Reference.Inside;
import io.github.kpatch.build.diff.Reference.Outside;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Symbol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a patch module gets at what it does not bring along. */
final class Resolution {
    /** A way to an address. */
    sealed interface Way {}

    /**
     * An ordinary symbol, which the kernel resolves as for any module, or another object of the patch provides.
     *
     * @param addend to it
     */
    record Ordinary(Symbol symbol, long addend) implements Way {}

    /**
     * A symbol that livepatch resolves (Documentation/livepatch/module-elf-format.rst, 4): one of the parent, or of a
     * module without which the parent is not there. Such a module need not be there when the patch is loaded.
     *
     * @param object that has it
     * @param sympos which of that name it is
     */
    record Livepatch(String object, String symbol, int sympos, long addend) implements Way {
        String name() {
            return ".klp.sym." + object + '.' + symbol + ',' + sympos;
        }
    }

    /** None, and why. */
    record None(String reason) implements Way {}

    /** The kernel looks for these calls when it loads a module, and finds them by their ordinary relocations. */
    private static final Set<String> TRACING = Set.of("__fentry__", "mcount", "_mcount");

    private final Parent parent;
    private final Correlation correlation;

    /** Modules that are there whenever the parent is. */
    private final Set<String> needed;

    /** @param original the object as the parent has it */
    Resolution(Parent parent, Correlation correlation, RelocatableObject original) {
        this.parent = parent;
        this.correlation = correlation;
        this.needed = original.symbols().stream()
                .filter(Symbol::isUndefined)
                .flatMap(symbol -> parent.exports().exporter(symbol.name()).stream())
                .filter(exporter -> !parent.isKernel() && !exporter.equals(Parent.KERNEL))
                .collect(Collectors.toSet());
    }

    Way resolve(Reference reference) {
        if (reference.target() instanceof Outside outside) {
            return resolve(outside.symbol(), reference.addend());
        }
        return resolve((Inside) reference.target(), reference.addend());
    }

    private Way resolve(Symbol symbol, long addend) {
        if (symbol.reserved() == Symbol.SHN_COMMON) {
            return new None("refers to " + symbol + ", which has no section of its own (-fno-common is missing)");
        }
        if (!symbol.isUndefined()) {
            return symbol.section().isEmpty()
                    ? new Ordinary(symbol, addend)
                    : new None("refers to " + symbol + " in section "
                            + symbol.section().get() + ", which is not part of what runs");
        }
        Optional<String> exporter = parent.exports().exporter(symbol.name());
        if (exporter.filter(needed::contains).isPresent() && !exporter.get().equals(parent.name())) {
            return new Livepatch(exporter.get(), symbol.name(), 0, addend);
        }
        boolean foreign =
                exporter.isPresent() && (parent.isKernel() || !exporter.get().equals(parent.name()));
        if (foreign || TRACING.contains(symbol.name())) {
            return new Ordinary(symbol, addend);
        }
        Place place = parent.symbols().place(symbol);
        return place.isAbsent() ? new Ordinary(symbol, addend) : placed(symbol, place, addend);
    }

    private Way placed(Symbol symbol, Place place, long addend) {
        return place.isKnown()
                ? new Livepatch(parent.name(), symbol.name(), place.sympos(), addend)
                : new None("refers to " + symbol + ", of which " + parent.name() + " has " + place.candidates()
                        + ", and it cannot be told which is meant");
    }

    private Way resolve(Inside inside, long addend) {
        Atom atom = inside.atom();
        Optional<Atom> original = correlation.original(atom);
        Optional<Symbol> meant = symbolAt(atom, inside.place());
        if (original.isEmpty() || meant.isEmpty()) {
            return new None("refers to something without a name in section "
                    + atom.section().name() + ", and the kernel's own cannot be found");
        }
        long start = meant.get().value() - atom.start();
        if (atom.is(Atom.Kind.FUNCTION) && inside.place() != start) {
            return new None("refers to the middle of " + meant.get() + ", which stays as it is");
        }
        return resolveOwn(nameBefore(original.get(), meant.get()), addend - start);
    }

    /** The symbol of an atom that a place in it belongs to. */
    static Optional<Symbol> symbolAt(Atom atom, long place) {
        List<Symbol> symbols = atom.symbols();
        if (symbols.isEmpty()) {
            return Optional.empty();
        }
        Symbol best = symbols.get(0);
        for (Symbol symbol : symbols) {
            boolean isBefore = symbol.value() <= atom.start() + place;
            if (isBefore && (symbol.value() > best.value() || best.value() > atom.start() + place)) {
                best = symbol;
            }
        }
        return Optional.of(best);
    }

    /** The kernel has the names of the unpatched object. */
    private static Symbol nameBefore(Atom original, Symbol symbol) {
        return original.symbols().stream()
                .filter(other -> other.name().equals(symbol.name()))
                .findFirst()
                .or(() -> original.symbols().stream()
                        .filter(other -> SymbolNames.lasting(other.name()).equals(SymbolNames.lasting(symbol.name())))
                        .findFirst())
                .orElse(symbol);
    }

    private Way resolveOwn(Symbol symbol, long addend) {
        if (!symbol.isLocal()
                && parent.isKernel()
                && parent.exports().exporter(symbol.name()).isPresent()) {
            return new Ordinary(Symbol.undefined(symbol.name(), Symbol.STB_GLOBAL), addend);
        }
        Place place = parent.symbols().place(symbol);
        return place.isAbsent()
                ? new None("refers to " + symbol + ", which is not among the symbols of " + parent.name())
                : placed(symbol, place, addend);
    }
}
