// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What make is asked for in a full build. The objects are wanted and not what they are linked to: in place of the kernel
 * and of its modules it is the directory {@code .} that is made, which the top Makefile descends into for both of them
 * (6.1 to 7.3), and in place of one module its object.
 */
record FullTargets(List<String> targets) {
    private static final Set<String> BUILT_IN = Set.of("all", "vmlinux");
    private static final Set<String> MODULES = Set.of("all", "modules");

    /** Whether it is the whole kernel that is built, or all its modules. */
    boolean isWhole() {
        return isAny(BUILT_IN) || isAny(MODULES);
    }

    /** The arguments of the calls of make that it takes. */
    List<List<String>> calls() {
        List<List<String>> calls = new ArrayList<>();
        if (isWhole()) {
            calls.add(List.of(
                    "KBUILD_BUILTIN=" + (isAny(BUILT_IN) ? "y" : ""),
                    "KBUILD_MODULES=" + (isAny(MODULES) ? "y" : ""),
                    "."));
        }
        List<String> others = targets.stream()
                .filter(target -> !BUILT_IN.contains(target) && !MODULES.contains(target))
                .map(target -> target.replaceFirst("\\.ko$", ".o"))
                .toList();
        if (!others.isEmpty()) {
            calls.add(others);
        }
        return calls;
    }

    private boolean isAny(Set<String> names) {
        return targets.isEmpty() || targets.stream().anyMatch(names::contains);
    }
}
