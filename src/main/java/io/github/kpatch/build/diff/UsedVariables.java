// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The variables with a name that something uses, and of which it is not known yet what they are in the other object. */
final class UsedVariables {
    private final Set<Atom> known;
    private final boolean widely;
    private final Map<String, List<Atom>> found = new LinkedHashMap<>();
    private final Set<Atom> seen = new HashSet<>();
    private final Deque<Atom> open = new ArrayDeque<>();

    private UsedVariables(Set<Atom> known, boolean widely) {
        this.known = known;
        this.widely = widely;
    }

    /**
     * By their lasting names.
     *
     * @param known what has a counterpart
     * @param widely whether what is used by functions without a counterpart, which it calls, is its own
     */
    static Map<String, List<Atom>> of(Atom user, Set<Atom> known, boolean widely) {
        UsedVariables used = new UsedVariables(known, widely);
        used.open.add(user);
        while (!used.open.isEmpty()) {
            used.open.remove().references().forEach(used::add);
        }
        return used.found;
    }

    private void add(Reference reference) {
        if (!(reference.target() instanceof Inside inside)) {
            return;
        }
        Atom atom = inside.atom();
        if (!known.contains(atom) && atom.symbol().isPresent() && seen.add(atom)) {
            if (atom.is(Kind.DATA)) {
                found.computeIfAbsent(SymbolNames.lasting(atom.label()), name -> new ArrayList<>())
                        .add(atom);
            } else if (widely && atom.is(Kind.FUNCTION)) {
                open.add(atom);
            }
        }
    }

    static boolean isSameName(Atom one, Atom other) {
        return one.is(Kind.DATA)
                && other.is(Kind.DATA)
                && one.symbol().isPresent()
                && other.symbol().isPresent()
                && SymbolNames.lasting(one.label()).equals(SymbolNames.lasting(other.label()));
    }
}
