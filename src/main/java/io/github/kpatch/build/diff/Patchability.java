// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Reference.Outside;
import io.github.kpatch.elf.edit.Symbol;
import java.util.List;
import java.util.Set;

/** Whether functions are of a kind that can be replaced in a running kernel. */
final class Patchability {
    /** The call for ftrace stands at the very beginning, behind an ENDBR64 at most. */
    private static final long LATEST_CALL = 16;

    private final MachineRules machine;
    private final Parent parent;
    private final Correlation correlation;
    private final Ownership before;
    private final Set<String> refusals;

    /** @param refusals gets the reasons why not */
    Patchability(MachineRules machine, Parent parent, Correlation correlation, Ownership before, Set<String> refusals) {
        this.machine = machine;
        this.parent = parent;
        this.correlation = correlation;
        this.before = before;
        this.refusals = refusals;
    }

    void requireReplaceable(Atom function) {
        Atom original = correlation.original(function).orElseThrow();
        List<String> functions = functionsIn(function);
        if (functions.size() > 1) {
            refuse(
                    function,
                    "changed, and shares section " + function.section().name() + " with others ("
                            + String.join(", ", functions) + "), from which it cannot be told apart");
        } else if (requireLasting(function) && !canBeRedirected(function)) {
            refuse(original, "has no place for ftrace to redirect it (it is notrace, or was left out by the compiler)");
        }
    }

    /** Whether ftrace can have another function called in place of one that is in the kernel. */
    boolean canBeRedirected(Atom function) {
        return correlation.original(function).filter(this::isTraced).isPresent();
    }

    /** Functions that are still there when the patch module is loaded. */
    boolean requireLasting(Atom function) {
        String section = function.section().name();
        if (SectionNames.isInit(section)) {
            refuse(
                    function,
                    "is changed or new in " + section + ", and " + parent.name()
                            + " has run and freed it when a patch is loaded");
        } else if (SectionNames.isExit(section)) {
            refuse(function, "is changed or new in " + section + ", which a patch does not reach");
        } else {
            return true;
        }
        return false;
    }

    private static List<String> functionsIn(Atom atom) {
        long first = atom.symbol().map(Symbol::value).orElse(0L);
        return atom.symbols().stream()
                        .anyMatch(symbol ->
                                symbol.isFunction() && symbol.value() != first && !SymbolNames.isPadding(symbol.name()))
                ? atom.symbols().stream()
                        .filter(symbol -> symbol.isFunction() && !SymbolNames.isPadding(symbol.name()))
                        .map(Symbol::name)
                        .toList()
                : List.of(atom.label());
    }

    private boolean isTraced(Atom function) {
        return before.isTraced(function)
                || function.references().stream()
                        .takeWhile(reference -> reference.offset()
                                <= function.symbol().map(Symbol::value).orElse(0L) + LATEST_CALL)
                        .anyMatch(reference -> reference.target() instanceof Outside outside
                                && outside.symbol().name().equals(machine.tracingCall()));
    }

    private void refuse(Atom function, String reason) {
        refusals.add("function " + function.label() + ": " + reason);
    }
}
