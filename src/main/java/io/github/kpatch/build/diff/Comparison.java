// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Reference.Inside;
import io.github.kpatch.build.diff.Reference.Outside;
import io.github.kpatch.elf.edit.Symbol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether atoms of two objects that correlate are the same, too. */
final class Comparison {
    private record Pair(Atom original, Atom patched) {}

    private final MachineRules machine;
    private final Correlation correlation;
    private final Ownership before;
    private final Ownership after;

    /** What has been compared, or is being: it refers to itself where the code has loops, which is no difference. */
    private final Map<Atom, Boolean> same = new LinkedHashMap<>();

    private final Set<Pair> alike = new HashSet<>();

    Comparison(MachineRules machine, Correlation correlation, Ownership before, Ownership after) {
        this.machine = machine;
        this.correlation = correlation;
        this.before = before;
        this.after = after;
    }

    /** Whether a function or variable is what it was before. */
    boolean isSame(Atom patched) {
        Boolean known = same.get(patched);
        if (known != null) {
            return known;
        }
        same.put(patched, true);
        Optional<Atom> original = correlation.original(patched);
        boolean result = original.isPresent() && isSame(original.get(), patched);
        same.put(patched, result);
        return result;
    }

    private boolean isSame(Atom original, Atom patched) {
        if (patched.is(Kind.FUNCTION)) {
            return hasSameBinding(original, patched)
                    && hasSameReferences(original, patched)
                    && hasSameEntries(original, patched)
                    && hasSameCode(original, patched);
        }
        return original.hasBytesOf(patched) && isSameStore(original, patched) && hasSameReferences(original, patched);
    }

    /** A function of one section that is now thrown away after boot is not what it was. */
    private static boolean hasSameBinding(Atom original, Atom patched) {
        return SectionNames.isInit(original.section().name())
                == SectionNames.isInit(patched.section().name());
    }

    private static boolean isSameStore(Atom original, Atom patched) {
        return original.storage().equals(patched.storage());
    }

    private boolean hasSameCode(Atom original, Atom patched) {
        return original.hasBytesOf(patched) || differsInLineOnly(original, patched);
    }

    private boolean differsInLineOnly(Atom original, Atom patched) {
        return patched.is(Kind.FUNCTION)
                && original.size() == patched.size()
                && machine.differsInLineOnly(
                        original.bytes(),
                        patched.bytes(),
                        offset -> patched.references().stream()
                                .filter(reference -> reference.offset() == offset)
                                .map(Comparison::targetInWords)
                                .findFirst()
                                .orElse(""));
    }

    /** The name of what is referred to; of a string, its text. */
    private static String targetInWords(Reference reference) {
        if (reference.target() instanceof Outside outside) {
            return outside.symbol().name();
        }
        Atom atom = ((Inside) reference.target()).atom();
        return atom.is(Kind.LITERAL) ? new String(atom.bytes(), StandardCharsets.ISO_8859_1) : atom.label();
    }

    private boolean hasSameReferences(Atom original, Atom patched) {
        List<Reference> there = original.references();
        List<Reference> here = patched.references();
        if (there.size() != here.size()) {
            return false;
        }
        for (int i = 0; i < here.size(); i++) {
            boolean mayFollow = !patched.is(Kind.DATA) || isBrought(patched);
            if (!isSame(there.get(i), here.get(i), mayFollow)) {
                return false;
            }
        }
        return true;
    }

    /** @param mayFollow whether who refers would refer to a new version of a constant */
    private boolean isSame(Reference original, Reference patched, boolean mayFollow) {
        return original.offset() == patched.offset()
                && machine.isSameType(original.type(), patched.type())
                && original.addend() == patched.addend()
                && isSameTarget(original, patched, mayFollow);
    }

    private boolean isSameTarget(Reference original, Reference patched, boolean mayFollow) {
        if (original.target() instanceof Inside there && patched.target() instanceof Inside here) {
            return isSameTarget(there.atom(), here.atom(), mayFollow);
        }
        if (original.target() instanceof Outside there && patched.target() instanceof Outside here) {
            Symbol one = there.symbol();
            Symbol other = here.symbol();
            return SymbolNames.lasting(one.name()).equals(SymbolNames.lasting(other.name()))
                    && one.isUndefined() == other.isUndefined();
        }
        return false;
    }

    /** Whether it can be brought along in a new version: nobody writes to it, and only this object knows it. */
    static boolean isConstant(Atom atom) {
        return atom.is(Kind.DATA)
                && !atom.isWritable()
                && atom.symbols().stream().allMatch(Symbol::isLocal);
    }

    /**
     * A function or variable is the same target whatever has become of it: what changed in it is its own change. What
     * has no name that the kernel knows is the same if it looks the same, for whoever refers to it has to bring it.
     */
    private boolean isSameTarget(Atom original, Atom patched, boolean mayFollow) {
        if (original.is(Kind.ENTRY) && patched.is(Kind.ENTRY)) {
            return isSameEntry(original, patched); // since 6.19 the code of a warning hands its own over
        }
        if (correlation.original(patched).filter(o -> o == original).isPresent() && !isBrought(patched)) {
            return !mayFollow || !isConstant(patched) || isSame(patched);
        }
        return original.is(patched.kind()) && isBrought(original) && isBrought(patched) && isAlike(original, patched);
    }

    /** Whether it comes along with whatever refers to it, because the kernel's own cannot be told or is not needed. */
    static boolean isBrought(Atom atom) {
        return switch (atom.kind()) {
            case LITERAL, FRAGMENT -> true;
            case FUNCTION ->
                atom.symbol().isPresent()
                        && SymbolNames.isCold(atom.symbol().get().name());
            case DATA ->
                (atom.symbol().isEmpty() && !atom.isWritable())
                        || atom.symbol().filter(SymbolNames::isAsGoodAsNew).isPresent()
                        || SectionNames.isOnce(atom.section().name(), atom.label());
            case ENTRY, IGNORED -> false;
        };
    }

    /** Whether two look the same in all that they lead to. */
    private boolean isAlike(Atom original, Atom patched) {
        if (!alike.add(new Pair(original, patched))) {
            return true;
        }
        boolean result = (hasSameCode(original, patched) || isSameDescription(original, patched))
                && hasSameReferences(original, patched)
                && hasSameEntries(original, patched);
        if (!result) {
            alike.clear(); // some may have been found alike only because these seemed to be
        }
        return result;
    }

    private static boolean isSameDescription(Atom original, Atom patched) {
        return patched.section().hasContent()
                && Arrays.equals(PlaceInSource.without(original), PlaceInSource.without(patched));
    }

    private boolean hasSameEntries(Atom original, Atom patched) {
        List<Atom> there = behaviour(before, original);
        List<Atom> here = behaviour(after, patched);
        if (there.size() != here.size()) {
            return false;
        }
        for (int i = 0; i < here.size(); i++) {
            if (!isSameEntry(there.get(i), here.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<Atom> behaviour(Ownership ownership, Atom owner) {
        List<Atom> found = new ArrayList<>();
        for (Atom entry : ownership.entriesOf(owner)) {
            if (ownership.layoutOf(entry).role() == TableLayout.Role.BEHAVIOUR) {
                found.add(entry);
            }
        }
        return found;
    }

    private boolean isSameEntry(Atom original, Atom patched) {
        int line = after.layoutOf(patched).line();
        return original.section().name().equals(patched.section().name())
                && Arrays.equals(withoutLine(original, line), withoutLine(patched, line))
                && hasSameReferences(original, patched);
    }

    private static byte[] withoutLine(Atom entry, int line) {
        byte[] bytes = entry.bytes();
        if (line >= 0 && line + 2 <= bytes.length) {
            bytes[line] = 0;
            bytes[line + 1] = 0;
        }
        return bytes;
    }
}
