// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.nio.file.Path;

/** Where a kernel's sources are taken from. */
public sealed interface Origin {

    /** The distribution's own package, which is looked for. */
    record Distribution() implements Origin {}

    /** A tree of somebody's own, which is never changed. */
    record Directory(Path path) implements Origin {}

    /** A source RPM. */
    record Rpm(Path file) implements Origin {}
}
