// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Atom.Kind;
import io.github.kpatch.build.diff.Resolution.Livepatch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What tables say of static keys and static calls which belong to a module that is patched. The kernel reads those
 * tables when the patch module comes, and the patched module, with its keys, may come later.
 */
final class ModuleKeys {
    private static final String STATIC_CALLS = ".static_call_sites";
    private static final String STATIC_BRANCHES = "__jump_table";

    /** By which DEFINE_TRACE of the kernel names a tracepoint, of which the key is a part. */
    private static final String TRACEPOINT = "__tracepoint_";

    private final Resolution resolution;
    private final Set<Atom> included;

    ModuleKeys(Resolution resolution, Set<Atom> included) {
        this.resolution = resolution;
        this.included = included;
    }

    /**
     * What is included without the entries that code can do without: a static call goes by way of its trampoline, and
     * what is behind the branch of a tracepoint is not run.
     *
     * @param notes gets which tracepoints these are
     */
    Set<Atom> withoutThose(List<String> notes) {
        Set<Atom> remaining = new LinkedHashSet<>(included);
        for (Atom entry : included) {
            if (entry.is(Kind.ENTRY) && canBeDoneWithout(entry)) {
                remaining.remove(entry);
                silent(entry).filter(note -> !notes.contains(note)).ifPresent(notes::add);
            }
        }
        return remaining;
    }

    private boolean canBeDoneWithout(Atom entry) {
        return key(entry)
                .filter(name -> entry.section().name().equals(STATIC_CALLS) || isTracepoint(entry, name))
                .isPresent();
    }

    private Optional<String> silent(Atom entry) {
        return key(entry)
                .filter(name -> isTracepoint(entry, name))
                .map(name -> Ownership.owner(entry)
                                .map(owner -> "function " + owner.label() + ": its ")
                                .orElse("")
                        + "tracepoint " + name.substring(TRACEPOINT.length())
                        + " is silent as long as the patch is loaded");
    }

    private static boolean isTracepoint(Atom entry, String key) {
        return entry.section().name().equals(STATIC_BRANCHES) && key.startsWith(TRACEPOINT);
    }

    /** The symbol of the module that an entry refers to. */
    private Optional<String> key(Atom entry) {
        return entry.references().stream()
                .filter(reference ->
                        !(reference.target() instanceof Reference.Inside inside && included.contains(inside.atom())))
                .map(resolution::resolve)
                .filter(Livepatch.class::isInstance)
                .map(way -> ((Livepatch) way).symbol())
                .findFirst();
    }
}
