// SPDX-License-Identifier: Apache-2.0
/**
 * A layer under everything that the program does to its machine, which fails a chosen one of the steps, or ends the
 * process there.
 */
@NullMarked
package io.github.kpatch.testing.fault;

import org.jspecify.annotations.NullMarked;
