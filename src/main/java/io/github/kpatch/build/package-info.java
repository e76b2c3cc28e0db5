// SPDX-License-Identifier: Apache-2.0
/**
 * Making patch modules out of source patches: {@code kpatch-build}. Stands beside {@code operation}, and neither sees
 * the other.
 */
@NullMarked
package io.github.kpatch.build;

import org.jspecify.annotations.NullMarked;
