// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the objects of a tree that changed files affect. */
public interface AffectedFinder {

    Affected of(Path tree, List<String> files);

    /**
     * Why objects cannot be patched, a sentence for each that cannot.
     *
     * @param sources the objects, each with the file that it was compiled from
     */
    List<String> refusals(Path tree, Map<String, String> sources);

    /**
     * Objects to compile.
     *
     * @param targets as make has to be asked for them
     * @param refusals why what else is affected cannot be patched, a sentence each
     * @param ignored why what else was changed has no effect, a sentence each
     * @param notes what is good to know
     */
    record Affected(List<String> targets, List<String> refusals, List<String> ignored, List<String> notes) {

        /** Says, as one failure, why objects cannot be patched at all. */
        void requirePatchable() {
            if (!refusals.isEmpty()) {
                throw new KpatchException(
                        Failure.REFUSED,
                        Sentence.of("the patch changes what cannot be patched", "the lines below say what and why"),
                        refusals);
            }
        }

        /** Says, as one failure, why objects cannot be patched at all, or why there are none. */
        void requireObjects() {
            requirePatchable();
            if (targets.isEmpty()) {
                throw new KpatchException(
                        Failure.REFUSED,
                        Sentence.of(
                                "nothing of what the patch changes can be patched", "the lines below say what and why"),
                        Stream.concat(ignored.stream(), notes.stream()).toList());
            }
        }
    }
}
