// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Parent.Place;
import io.github.kpatch.build.diff.Reference.Inside;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The difference of two objects. */
public final class ObjectDiff {
    /** By which the kernel's macros name what they make of an EXPORT_SYMBOL, before 6.5 and since. */
    private static final List<String> EXPORTS = List.of("__ksymtab_", "__export_symbol_");

    private final MachineRules machine;
    private final Parent parent;
    private final Atoms before;
    private final Atoms after;
    private final Ownership ownersBefore;
    private final Ownership ownersAfter;
    private final Correlation correlation;
    private final Comparison comparison;
    private final AuthorRequests requests;

    /** Changed functions that are reached only through replaced ones. */
    private final Set<Atom> carried = new LinkedHashSet<>();

    private final Set<String> refusals = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();

    private ObjectDiff(RelocatableObject original, RelocatableObject patched, Parent parent, MachineRules machine) {
        this.machine = machine;
        this.parent = parent;
        this.before = Atomizer.takeApart(original, machine);
        this.after = Atomizer.takeApart(patched, machine);
        this.ownersBefore = new Ownership(before);
        this.ownersAfter = new Ownership(after);
        this.correlation = Correlation.of(before, after);
        this.comparison = new Comparison(machine, correlation, ownersBefore, ownersAfter);
        this.requests = AuthorRequests.read(after);
    }

    /**
     * Compares.
     *
     * @param original made from the source as the kernel was built from it
     * @param patched made from the changed source, by the same compiler with the same options
     * @param parent what the object is part of
     */
    public static Difference of(
            RelocatableObject original, RelocatableObject patched, Parent parent, MachineRules machine) {
        return new ObjectDiff(original, patched, parent, machine).compare();
    }

    private Difference compare() {
        List<Atom> changed = new ArrayList<>();
        List<Atom> added = new ArrayList<>();
        for (Atom function : after.of(Kind.FUNCTION)) {
            if (correlation.original(function).isEmpty()) {
                added.add(function);
            } else if (!requests.isIgnored(function) && !comparison.isSame(function)) {
                changed.add(function);
            }
        }
        changed.removeIf(Comparison::isBrought); // a cold part, which changes with its function
        changed.removeIf(this::isOverridden);
        ownersAfter
                .notUnderstood()
                .forEach(table ->
                        refusals.add("section " + table.section().name() + ": the layout of its entries is not known"));
        Patchability patchability = new Patchability(machine, parent, correlation, ownersBefore, refusals);
        carryOver(changed, patchability);
        changed.stream().filter(function -> !carried.contains(function)).forEach(patchability::requireReplaceable);
        added.forEach(patchability::requireLasting);
        new FoldedFunctions(before, after, correlation).refuse(refusals);
        noteExports();
        return assemble(changed, added);
    }

    /** Modules are linked against what the kernel exported when it was built. */
    private void noteExports() {
        Set<String> exported = exports(before);
        exports(after).stream()
                .filter(name -> !exported.contains(name))
                .forEach(name -> notes.add("exports " + name + " anew, of which only this patch can make use"));
    }

    private static Set<String> exports(Atoms atoms) {
        Set<String> names = new LinkedHashSet<>();
        for (Symbol symbol : atoms.object().symbols()) {
            for (String prefix : EXPORTS) {
                if (symbol.name().startsWith(prefix)) {
                    names.add(symbol.name().substring(prefix.length()));
                }
            }
        }
        return names;
    }

    /** The kernel does not run a weak function where another object has one of its name. */
    private boolean isOverridden(Atom function) {
        Optional<Symbol> overridden = correlation
                .original(function)
                .flatMap(Atom::symbol)
                .filter(symbol -> symbol.isWeak() && parent.symbols().isOverridden(symbol));
        overridden.ifPresent(symbol -> notes.add("function " + symbol + ": is changed here, but " + parent.name()
                + " has another of this name in its place, which stays as it is"));
        return overridden.isPresent();
    }

    /** What cannot be redirected itself goes along with those who call it, which are replaced for its sake. */
    private void carryOver(List<Atom> changed, Patchability patchability) {
        Callers callers = new Callers(after, machine);
        Deque<Atom> open = new ArrayDeque<>(changed);
        while (!open.isEmpty()) {
            Atom function = open.remove();
            Optional<List<Atom>> others =
                    patchability.canBeRedirected(function) ? Optional.empty() : callers.only(function);
            if (others.isPresent() && carried.add(function)) {
                for (Atom caller : others.get()) {
                    if (correlation.original(caller).isPresent() && !changed.contains(caller)) {
                        changed.add(caller);
                        open.add(caller);
                    }
                }
            }
        }
    }

    private Difference assemble(List<Atom> changed, List<Atom> added) {
        Inclusion inclusion = new Inclusion(correlation, comparison, ownersAfter, this::isMissing);
        carried.forEach(inclusion::include);
        changed.forEach(inclusion::include);
        newGlobals().forEach(inclusion::include);
        requests.callbacks().forEach(request -> inclusion.include(request.function()));
        requests.unknown().forEach(section -> refusals.add("section " + section + ": asks for what is not known"));
        requireUnchangedData(inclusion);
        requireNothingLeftBehind(inclusion);
        Optional<Difference.Output> output = Optional.empty();
        if (!inclusion.all().isEmpty() && refusals.isEmpty()) {
            output = Optional.of(write(inclusion, changed));
        }
        return new Difference(
                names(changed),
                names(added.stream().filter(inclusion::contains).toList()),
                names(removed()),
                List.copyOf(refusals),
                notes,
                refusals.isEmpty() ? output : Optional.empty());
    }

    /** What other objects of the patch may use. */
    private List<Atom> newGlobals() {
        return after.all().stream()
                .filter(atom -> atom.is(Kind.FUNCTION) || atom.is(Kind.DATA))
                .filter(atom -> correlation.original(atom).isEmpty())
                .filter(atom ->
                        atom.symbol().filter(symbol -> !symbol.isLocal()).isPresent())
                .toList();
    }

    private List<Atom> removed() {
        return before.of(Kind.FUNCTION).stream()
                .filter(function -> correlation.successor(function).isEmpty() && !Comparison.isBrought(function))
                .toList();
    }

    private static List<String> names(List<Atom> atoms) {
        return atoms.stream()
                .map(Atom::label)
                .filter(name -> !SymbolNames.isCold(name))
                .toList();
    }

    private boolean isMissing(Atom constant) {
        return correlation
                .original(constant)
                .flatMap(Atom::symbol)
                .filter(symbol -> parent.symbols().place(symbol).isAbsent())
                .isPresent();
    }

    /** A table that is not known may be about the code of a function, which does not work without it. */
    private void requireNothingLeftBehind(Inclusion inclusion) {
        for (Atom atom : after.all()) {
            inclusion
                    .leftBehindBy(atom)
                    .ifPresent(function -> refusals.add("function " + function.label() + ": section "
                            + atom.section().name()
                            + " says something about its code, and the kernel does not read that of a module"));
        }
    }

    private void requireUnchangedData(Inclusion inclusion) {
        for (Atom variable : after.of(Kind.DATA)) {
            String section = variable.section().name();
            if (SectionNames.isForPatch(section) || Comparison.isBrought(variable) || requests.isIgnored(section)) {
                continue;
            }
            if (correlation.original(variable).isEmpty()) {
                requireUnderstoodNewData(variable, inclusion);
            } else if (!comparison.isSame(variable) && !onlyForFunctions(variable)) {
                refusals.add("variable " + variable.label() + " in " + section
                        + ": its initial value or its size changed, and the kernel has long been using it");
            }
        }
    }

    /** Whether a constant is only looked at by functions, all of which are replaced if it changed. */
    private boolean onlyForFunctions(Atom variable) {
        return Comparison.isConstant(variable)
                && after.all().stream()
                        .filter(atom -> atom.is(Kind.DATA) && !Comparison.isBrought(atom))
                        .flatMap(atom -> atom.references().stream())
                        .noneMatch(
                                reference -> reference.target() instanceof Inside inside && inside.atom() == variable);
    }

    private void requireUnderstoodNewData(Atom variable, Inclusion inclusion) {
        String section = variable.section().name();
        if (inclusion.contains(variable)) {
            if (variable.isWritable() && correlation.isUncertain(variable)) {
                refusals.add("variable " + variable.label() + " in " + section
                        + ": it cannot be told which of those of this name it was before");
            }
            return;
        }
        if (!SectionNames.isPlainData(section)) {
            refusals.add((variable.symbol().isPresent() ? "variable " + variable.label() + " in " : "section ")
                    + section + ": is new, and the kernel reads that section only when it starts");
        }
    }

    private Difference.Output write(Inclusion inclusion, List<Atom> changed) {
        Resolution resolution = new Resolution(parent, correlation, before.object());
        Set<Atom> included =
                parent.isKernel() ? inclusion.all() : new ModuleKeys(resolution, inclusion.all()).withoutThose(notes);
        PatchObject object = new PatchObject(after, included, resolution, parent, machine.absolute64());
        object.lay();
        object.relocate((atom, reason) -> refusals.add(placeOf(atom) + ": " + reason));
        changed.stream().filter(function -> !carried.contains(function)).forEach(function -> replace(object, function));
        requests.callbacks()
                .forEach(request -> object.own()
                        .callback(
                                request.kind(),
                                object.moved(request.function().symbol().orElseThrow())));
        return new Difference.Output(
                object.finish(), object.own().functionCount(), object.own().callbackKinds());
    }

    private static String placeOf(Atom atom) {
        return switch (atom.kind()) {
            case FUNCTION -> "function " + atom.label();
            case DATA -> "variable " + atom.label();
            case ENTRY ->
                Ownership.owner(atom)
                        .filter(owner -> owner.is(Kind.FUNCTION))
                        .map(owner -> "function " + owner.label())
                        .orElse("section " + atom.section().name());
            default -> "section " + atom.section().name();
        };
    }

    private void replace(PatchObject object, Atom function) {
        Symbol old = correlation.original(function).flatMap(Atom::symbol).orElseThrow();
        Symbol replacement = object.moved(function.symbol().orElseThrow());
        Place place = parent.symbols().place(old);
        if (place.isKnown()) {
            object.own().replace(replacement, old.size(), place.sympos(), old.name());
        } else if (place.isAbsent()) {
            refusals.add("function " + old + ": is not among the symbols of " + parent.name());
        } else {
            refusals.add("function " + old + ": " + parent.name() + " has " + place.candidates()
                    + " of this name, and it cannot be told which is meant");
        }
    }
}
