// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import io.github.kpatch.elf.edit.Symbol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who calls the functions of an object. A changed function that ftrace cannot redirect, such as what the kernel's {@code
 * inline} leaves out of line, takes effect all the same if all that call it are replaced.
 */
final class Callers {
    private final Map<Atom, Set<Atom>> callers = new LinkedHashMap<>();

    /** Those whose address is kept: who calls them with it cannot be told. */
    private final Set<Atom> taken = new HashSet<>();

    Callers(Atoms atoms, MachineRules machine) {
        Map<String, Atom> functions = new HashMap<>();
        atoms.of(Kind.FUNCTION).forEach(function -> functions.put(function.label(), function));
        for (Atom atom : atoms.all()) {
            if (!atom.is(Kind.ENTRY) && !atom.is(Kind.IGNORED)) {
                Atom caller = whole(atom, functions);
                for (Reference reference : atom.references()) {
                    if (reference.target() instanceof Inside inside
                            && inside.atom().is(Kind.FUNCTION)) {
                        boolean isOther = whole(inside.atom(), functions) != caller;
                        add(
                                inside,
                                caller,
                                isOther,
                                machine.isBranch(atom.section(), atom.start() + reference.offset()));
                    }
                }
            }
        }
    }

    private void add(Inside target, Atom caller, boolean isOther, boolean isBranch) {
        Atom function = target.atom();
        if (isOther) {
            callers.computeIfAbsent(function, f -> new LinkedHashSet<>()).add(caller);
        }
        if (!isBranch
                && (isOther
                        || target.place()
                                == function.symbol().map(Symbol::value).orElse(0L) - function.start())) {
            taken.add(function);
        }
    }

    private static Atom whole(Atom atom, Map<String, Atom> functions) {
        String name = atom.label();
        return atom.is(Kind.FUNCTION) && SymbolNames.isCold(name)
                ? functions.getOrDefault(SymbolNames.parent(name), atom)
                : atom;
    }

    /** The functions that call one, where that is all that is done with it and nobody else can. */
    Optional<List<Atom>> only(Atom function) {
        Set<Atom> found = callers.getOrDefault(function, Set.of());
        boolean isOwn = function.symbols().stream().allMatch(Symbol::isLocal);
        return isOwn
                        && !taken.contains(function)
                        && !found.isEmpty()
                        && found.stream().allMatch(atom -> atom.is(Kind.FUNCTION))
                ? Optional.of(List.copyOf(found))
                : Optional.empty();
    }
}
