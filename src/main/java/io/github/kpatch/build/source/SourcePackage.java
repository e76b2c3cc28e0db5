// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A package with the sources of a kernel.
 *
 * @param archive the file
 * @param version that of the package, as the package manager says it, if it is known
 */
public record SourcePackage(Path archive, Optional<String> version) {}
