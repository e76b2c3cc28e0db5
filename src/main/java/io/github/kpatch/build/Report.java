// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.diff.Difference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What became of a build.
 *
 * @param kernel the release that it is for
 * @param module the file that was made; none if it was only to be said what would be patched
 * @param log the file with all that other programs printed
 * @param objects those that differ
 * @param times how long the parts took, in their order
 */
public record Report(String kernel, Optional<Path> module, Path log, List<ObjectReport> objects, List<Timing> times) {

    /**
     * An object that differs.
     *
     * @param object its path in the source tree
     * @param parent {@code vmlinux} or the module that it is part of
     */
    public record ObjectReport(String object, String parent, Difference difference) {}

    /** How long a part took. */
    public record Timing(String part, Duration duration) {}

    /** What is in the way of a module, of all objects. */
    public List<String> refusals() {
        return objects.stream()
                .flatMap(object ->
                        object.difference().refusals().stream().map(refusal -> object.object() + ": " + refusal))
                .toList();
    }
}
