// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which atoms of the patched object go into the patch: what differs, and what that needs and the kernel lacks. */
final class Inclusion {
    private final Correlation correlation;
    private final Comparison comparison;
    private final Ownership ownership;
    private final Predicate<Atom> isMissing;
    private final Set<Atom> included = new LinkedHashSet<>();
    private final Deque<Atom> open = new ArrayDeque<>();

    /** @param isMissing whether the kernel has no symbol for something that it has */
    Inclusion(Correlation correlation, Comparison comparison, Ownership ownership, Predicate<Atom> isMissing) {
        this.correlation = correlation;
        this.comparison = comparison;
        this.ownership = ownership;
        this.isMissing = isMissing;
    }

    /** Takes an atom in, and all that it needs. */
    void include(Atom atom) {
        take(atom);
        while (!open.isEmpty()) {
            Atom next = open.remove();
            for (Reference reference : next.references()) {
                if (reference.target() instanceof Inside inside && isNeeded(inside.atom())) {
                    take(inside.atom());
                }
            }
            ownership.entriesOf(next).forEach(this::take);
        }
    }

    private void take(Atom atom) {
        if (included.add(atom)) {
            open.add(atom);
        }
    }

    /** What is new has to be brought along, and what the kernel has no name for. */
    private boolean isNeeded(Atom atom) {
        return Comparison.isBrought(atom)
                || ((atom.is(Kind.FUNCTION) || atom.is(Kind.DATA))
                        && correlation.original(atom).isEmpty())
                || (Comparison.isConstant(atom)
                        && (!comparison.isSame(atom) || isMissing.test(atom) || hasLabels(atom)));
    }

    /** Addresses within a function, whose new version jumps to its own labels. */
    private static boolean hasLabels(Atom atom) {
        return atom.references().stream().anyMatch(Inclusion::isLabel);
    }

    private static boolean isLabel(Reference reference) {
        return reference.target() instanceof Inside inside
                && inside.atom().is(Kind.FUNCTION)
                && inside.atom().symbols().stream()
                        .noneMatch(symbol -> symbol.value() - inside.atom().start() == inside.place());
    }

    /** The included function that something which stays behind is about; nothing if it is about none. */
    Optional<Atom> leftBehindBy(Atom atom) {
        return contains(atom) || atom.is(Kind.IGNORED) || atom.is(Kind.FUNCTION)
                ? Optional.empty()
                : atom.references().stream()
                        .filter(Inclusion::isLabel)
                        .map(reference -> ((Inside) reference.target()).atom())
                        .filter(this::contains)
                        .findFirst();
    }

    boolean contains(Atom atom) {
        return included.contains(atom);
    }

    Set<Atom> all() {
        return included;
    }
}
