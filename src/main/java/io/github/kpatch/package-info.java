// SPDX-License-Identifier: Apache-2.0
/** The program's entry point, which joins the parts to the real machine. */
@NullMarked
package io.github.kpatch;

import org.jspecify.annotations.NullMarked;
