// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel's sources that a patch is for: found, unpacked or copied to where they may be changed, with the
 * configuration of the kernel that runs or is named; and which of the kernel's objects changed files affect. May use
 * {@code kernel}, {@code store} and {@code failure}.
 */
@NullMarked
package io.github.kpatch.build.source;

import org.jspecify.annotations.NullMarked;
