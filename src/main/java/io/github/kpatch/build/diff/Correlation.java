// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import io.github.kpatch.elf.edit.SourceFiles;
import io.github.kpatch.elf.edit.SourceFiles.SourceFile;
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
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which atoms of two objects are the same thing. By name, where the name is one of a kind; those of which there are
 * several of one name, static locals of different functions, by who refers to them.
 */
final class Correlation {
    /**
     * What is looked up: clones of one function are several of one name, as static locals are.
     *
     * @param file of something local in an object that was linked of several
     */
    private record Key(String name, boolean code, Optional<SourceFile> file) {}

    private final Map<Atom, Atom> originals = new LinkedHashMap<>();
    private final Map<Atom, Atom> successors = new LinkedHashMap<>();
    private final Set<String> uncertain = new HashSet<>();

    private Correlation() {}

    static Correlation of(Atoms original, Atoms patched) {
        Correlation correlation = new Correlation();
        Map<Key, List<Atom>> before = byName(original);
        Map<Key, List<Atom>> after = byName(patched);
        correlation.single(before, after);
        correlation.clones(before, after);
        correlation.follow(correlation::inSamePlace);
        correlation.follow((there, here) -> correlation.inOrderOfUse(there, here, false));
        correlation.follow((there, here) -> correlation.inOrderOfUse(there, here, true));
        correlation.unreferred(original, patched, atom -> atom.storage() + ' ' + SymbolNames.lasting(atom.label()));
        correlation.unreferred(original, patched, Correlation::withoutLine);
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

    private static Map<Key, List<Atom>> byName(Atoms atoms) {
        SourceFiles files = SourceFiles.of(atoms.object());
        Map<Key, List<Atom>> named = new LinkedHashMap<>();
        for (Atom atom : atoms.all()) {
            if (isNamed(atom)) {
                Set<Key> keys = new LinkedHashSet<>();
                for (Symbol symbol : atom.symbols()) {
                    Optional<SourceFile> file = files.all().size() > 1 ? files.of(symbol) : Optional.empty();
                    keys.add(new Key(SymbolNames.lasting(symbol.name()), atom.is(Kind.FUNCTION), file));
                }
                keys.forEach(key ->
                        named.computeIfAbsent(key, k -> new ArrayList<>()).add(atom));
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

    /**
     * Variables with shifting numbers to which no function refers: entries that macros make for tables.
     *
     * @param steady gives what does not shift of their sections and names
     */
    private void unreferred(Atoms original, Atoms patched, Function<Atom, String> steady) {
        Map<String, List<Atom>> before = variables(original, steady);
        Set<Atom> referred = new HashSet<>(referredByFunctions(original));
        referred.addAll(referredByFunctions(patched));
        variables(patched, steady).forEach((name, atoms) -> {
            List<Atom> others = before.getOrDefault(name, List.of());
            if (referred.stream().noneMatch(atom -> atoms.contains(atom) || others.contains(atom))) {
                inOrder(unpaired(others, successors), unpaired(atoms, originals));
            }
        });
    }

    private static Set<Atom> referredByFunctions(Atoms atoms) {
        return atoms.of(Kind.FUNCTION).stream()
                .flatMap(function -> function.references().stream())
                .filter(reference -> reference.target() instanceof Inside)
                .map(reference -> ((Inside) reference.target()).atom())
                .collect(Collectors.toSet());
    }

    private static Map<String, List<Atom>> variables(Atoms atoms, Function<Atom, String> steady) {
        return atoms.of(Kind.DATA).stream()
                .filter(Correlation::isNamed)
                .collect(Collectors.groupingBy(steady, LinkedHashMap::new, Collectors.toList()));
    }

    /** Some macros, such as that for quirks of PCI devices, name entries by the line that they are in. */
    private static String withoutLine(Atom entry) {
        boolean isLocal = entry.symbols().stream().allMatch(Symbol::isLocal);
        return entry.section().name() + ' ' + (isLocal ? SymbolNames.withoutNumber(entry.label()) : entry.label());
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

    /** Pairs what pairs refer to, for as long as that makes more pairs. */
    private void follow(BiConsumer<Atom, Atom> pairing) {
        int before = -1;
        while (before < originals.size()) {
            before = originals.size();
            List.copyOf(originals.entrySet()).forEach(pair -> pairing.accept(pair.getValue(), pair.getKey()));
        }
    }

    /** The same code uses the same variables. */
    private void inSamePlace(Atom before, Atom after) {
        List<Reference> there = before.references();
        List<Reference> here = after.references();
        for (int i = 0; i < here.size() && there.size() == here.size() && before.hasBytesOf(after); i++) {
            if (there.get(i).offset() == here.get(i).offset()
                    && there.get(i).target() instanceof Inside one
                    && here.get(i).target() instanceof Inside other
                    && UsedVariables.isSameName(one.atom(), other.atom())) {
                pair(one.atom(), other.atom());
            }
        }
    }

    /** @param widely whether by the functions, too, that only one of the versions has, and which are part of it in the other */
    private void inOrderOfUse(Atom before, Atom after, boolean widely) {
        Map<String, List<Atom>> there = UsedVariables.of(before, successors.keySet(), widely);
        Map<String, List<Atom>> here = UsedVariables.of(after, originals.keySet(), widely);
        here.forEach((name, atoms) -> inOrder(there.getOrDefault(name, List.of()), atoms));
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
