// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom the entries of the kernel's tables are about. The first address in an entry is that of the code it is about: a
 * function, or a fragment that a function has elsewhere.
 */
final class Ownership {
    private final Atoms atoms;
    private final Map<Atom, List<Atom>> entries = new LinkedHashMap<>();
    private final List<Atom> notUnderstood = new ArrayList<>();

    Ownership(Atoms atoms) {
        this.atoms = atoms;
        List<Atom> rules = new ArrayList<>();
        List<Atom> places = new ArrayList<>();
        for (Atom entry : atoms.of(Kind.ENTRY)) {
            TableLayout layout = layoutOf(entry);
            if (layout.entrySize() == 0) {
                notUnderstood.add(entry);
            } else if (layout.role() == TableLayout.Role.UNWIND_RULES) {
                rules.add(entry);
            } else {
                owner(entry).ifPresent(owner -> add(owner, entry));
                if (layout.role() == TableLayout.Role.UNWIND_PLACES) {
                    places.add(entry);
                }
            }
        }
        for (int i = 0; i < Math.min(rules.size(), places.size()); i++) {
            Atom rule = rules.get(i);
            owner(places.get(i)).ifPresent(owner -> add(owner, rule));
        }
    }

    private void add(Atom owner, Atom entry) {
        entries.computeIfAbsent(owner, o -> new ArrayList<>()).add(entry);
    }

    /** Whom an entry is about. */
    static Optional<Atom> owner(Atom entry) {
        return entry.references().isEmpty() || !(entry.references().get(0).target() instanceof Inside inside)
                ? Optional.empty()
                : Optional.of(inside.atom());
    }

    List<Atom> entriesOf(Atom owner) {
        return entries.getOrDefault(owner, List.of());
    }

    /** Tables whose layout could not be told. */
    List<Atom> notUnderstood() {
        return notUnderstood;
    }

    TableLayout layoutOf(Atom entry) {
        return atoms.layout(entry.section()).orElseThrow();
    }

    boolean isTraced(Atom function) {
        return entriesOf(function).stream().anyMatch(entry -> layoutOf(entry).role() == TableLayout.Role.TRACING);
    }
}
