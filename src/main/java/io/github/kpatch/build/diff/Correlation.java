// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import io.github.kpatch.elf.edit.Symbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which atoms of two objects are the same thing. By name, where the name is one of a kind; those of which there are
 * several of one name, static locals of different functions, by who refers to them.
 */
final class Correlation {
    /** What is looked up: clones of one function are several of one name, as static locals are. */
    private record Key(String name, boolean code) {}

    private final Map<Atom, Atom> originals = new LinkedHashMap<>();
    private final Map<Atom, Atom> successors = new LinkedHashMap<>();
    private final Set<String> uncertain = new HashSet<>();

    private Correlation() {}

    static Correlation of(Atoms original, Atoms patched) {
        Correlation correlation = new Correlation();
        Map<Key, List<Atom>> before = correlation.byName(original);
        Map<Key, List<Atom>> after = correlation.byName(patched);
        correlation.single(before, after);
        correlation.clones(before, after);
        boolean more = true;
        while (more) {
            more = correlation.referred();
        }
        correlation.unreferred(original, patched, before, after);
        correlation.unnamed(original, patched);
        correlation.leftOver(before, after);
        return correlation;
    }

    /** What an atom was before. */
    Optional<Atom> original(Atom patched) {
        return Optional.ofNullable(originals.get(patched));
    }

    /** What has become of an atom. */
    Optional<Atom> successor(Atom original) {
        return Optional.ofNullable(successors.get(original));
    }

    /** Whether something of that name was there before and it cannot be told if it is this. */
    boolean isUncertain(Atom patched) {
        return original(patched).isEmpty()
                && patched.symbol().map(Symbol::name).map(SymbolNames::lasting).stream()
                        .anyMatch(uncertain::contains);
    }

    private void pair(Atom original, Atom patched) {
        if (!originals.containsKey(patched) && !successors.containsKey(original)) {
            originals.put(patched, original);
            successors.put(original, patched);
        }
    }

    private static boolean isNamed(Atom atom) {
        return (atom.is(Kind.FUNCTION) || atom.is(Kind.DATA)) && atom.symbol().isPresent();
    }

    private Map<Key, List<Atom>> byName(Atoms atoms) {
        Map<Key, List<Atom>> named = new LinkedHashMap<>();
        for (Atom atom : atoms.all()) {
            if (isNamed(atom)) {
                Set<String> names = new LinkedHashSet<>();
                atom.symbols().forEach(symbol -> names.add(SymbolNames.lasting(symbol.name())));
                for (String name : names) {
                    named.computeIfAbsent(new Key(name, atom.is(Kind.FUNCTION)), key -> new ArrayList<>())
                            .add(atom);
                }
            }
        }
        return named;
    }

    /** One there, one here; but a static local may have been dropped in one function and added in another. */
    private void single(Map<Key, List<Atom>> before, Map<Key, List<Atom>> after) {
        after.forEach((key, atoms) -> {
            List<Atom> others = before.getOrDefault(key, List.of());
            if (atoms.size() == 1 && others.size() == 1 && (key.code() || !isNumbered(atoms.get(0)))) {
                pair(others.get(0), atoms.get(0));
            }
        });
    }

    private static boolean isNumbered(Atom atom) {
        return atom.symbol()
                .filter(symbol -> SymbolNames.isNumbered(symbol.name()))
                .isPresent();
    }

    /** Variables with shifting numbers to which no function refers: entries that macros make for tables. */
    private void unreferred(Atoms original, Atoms patched, Map<Key, List<Atom>> before, Map<Key, List<Atom>> after) {
        Set<Atom> referred = new HashSet<>();
        for (Atoms atoms : List.of(original, patched)) {
            for (Atom function : atoms.of(Kind.FUNCTION)) {
                function.references().stream()
                        .filter(reference -> reference.target() instanceof Inside)
                        .forEach(reference -> referred.add(((Inside) reference.target()).atom()));
            }
        }
        after.forEach((key, atoms) -> {
            List<Atom> others = before.getOrDefault(key, List.of());
            if (!key.code() && referred.stream().noneMatch(a -> atoms.contains(a) || others.contains(a))) {
                inOrder(unpaired(others, successors), unpaired(atoms, originals));
            }
        });
    }

    /** Functions of one name: the same code first, then by number. */
    private void clones(Map<Key, List<Atom>> before, Map<Key, List<Atom>> after) {
        after.forEach((key, atoms) -> {
            if (key.code()) {
                List<Atom> others = before.getOrDefault(key, List.of());
                for (Atom atom : atoms) {
                    unpaired(others, successors).stream()
                            .filter(atom::hasBytesOf)
                            .findFirst()
                            .ifPresent(other -> pair(other, atom));
                }
                inOrder(unpaired(others, successors), unpaired(atoms, originals));
            }
        });
    }

    private static List<Atom> unpaired(Collection<Atom> atoms, Map<Atom, Atom> paired) {
        return atoms.stream().filter(atom -> !paired.containsKey(atom)).toList();
    }

    /** As many there as here: compilers number in the order of the source. */
    private void inOrder(List<Atom> before, List<Atom> after) {
        if (before.size() == after.size()) {
            List<Atom> others = sorted(before);
            List<Atom> atoms = sorted(after);
            for (int i = 0; i < atoms.size(); i++) {
                pair(others.get(i), atoms.get(i));
            }
        }
    }

    private static List<Atom> sorted(List<Atom> atoms) {
        return atoms.stream()
                .sorted(Comparator.comparingLong(atom -> SymbolNames.number(atom.label())))
                .toList();
    }

    /** Pairs what pairs of functions refer to; whether there was any. */
    private boolean referred() {
        int before = originals.size();
        for (Map.Entry<Atom, Atom> pair : List.copyOf(originals.entrySet())) {
            Atom patched = pair.getKey();
            Map<String, List<Atom>> there = referredBy(pair.getValue(), successors);
            Map<String, List<Atom>> here = referredBy(patched, originals);
            here.forEach((name, atoms) -> inOrder(there.getOrDefault(name, List.of()), atoms));
        }
        return originals.size() > before;
    }

    private static Map<String, List<Atom>> referredBy(Atom atom, Map<Atom, Atom> paired) {
        Map<String, List<Atom>> found = new LinkedHashMap<>();
        for (Reference reference : atom.references()) {
            if (reference.target() instanceof Inside inside
                    && inside.atom().is(Kind.DATA)
                    && inside.atom().symbol().isPresent()
                    && !paired.containsKey(inside.atom())) {
                List<Atom> same =
                        found.computeIfAbsent(SymbolNames.lasting(inside.atom().label()), name -> new ArrayList<>());
                if (!same.contains(inside.atom())) {
                    same.add(inside.atom());
                }
            }
        }
        return found;
    }

    /** Variables without a name, by their section. */
    private void unnamed(Atoms original, Atoms patched) {
        Map<String, List<Atom>> before = unnamed(original);
        unnamed(patched).forEach((section, atoms) -> {
            List<Atom> others = before.getOrDefault(section, List.of());
            if (others.size() == atoms.size()) {
                for (int i = 0; i < atoms.size(); i++) {
                    pair(others.get(i), atoms.get(i));
                }
            }
        });
    }

    private static Map<String, List<Atom>> unnamed(Atoms atoms) {
        Map<String, List<Atom>> found = new LinkedHashMap<>();
        for (Atom atom : atoms.of(Kind.DATA)) {
            if (atom.symbol().isEmpty()) {
                found.computeIfAbsent(atom.section().name(), name -> new ArrayList<>())
                        .add(atom);
            }
        }
        return found;
    }

    private void leftOver(Map<Key, List<Atom>> before, Map<Key, List<Atom>> after) {
        after.forEach((key, atoms) -> {
            if (!unpaired(atoms, originals).isEmpty()
                    && !unpaired(before.getOrDefault(key, List.of()), successors)
                            .isEmpty()) {
                uncertain.add(key.name());
            }
        });
    }
}
