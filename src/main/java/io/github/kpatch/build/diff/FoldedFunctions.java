// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.elf.edit.Symbol;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Functions that the compiler found to be equal in one version only. In the kernel they are one, so that one of them
 * cannot be redirected alone, or they become one, and who calls the other from elsewhere would not get it.
 */
final class FoldedFunctions {
    private final Map<String, Atom> before;
    private final Map<String, Atom> after;
    private final Correlation correlation;

    FoldedFunctions(Atoms before, Atoms after, Correlation correlation) {
        this.before = exported(before);
        this.after = exported(after);
        this.correlation = correlation;
    }

    private static Map<String, Atom> exported(Atoms atoms) {
        Map<String, Atom> functions = new HashMap<>();
        for (Atom function : atoms.of(Kind.FUNCTION)) {
            function.symbols().stream()
                    .filter(symbol -> symbol.isFunction() && !symbol.isLocal())
                    .map(Symbol::name)
                    .filter(name -> !SymbolNames.isPadding(name))
                    .forEach(name -> functions.put(name, function));
        }
        return functions;
    }

    void refuse(Set<String> refusals) {
        after.forEach((name, function) -> {
            Optional<Atom> original = Optional.ofNullable(before.get(name));
            Optional<Atom> paired = correlation.original(function);
            if (original.isPresent() && !original.equals(paired)) {
                refusals.add("function " + name + ": the compiler had made it one with another, or does so now ("
                        + original.get().label() + ", " + function.label()
                        + "), and not everyone who calls it is known");
            }
        });
    }
}
