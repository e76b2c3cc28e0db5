// SPDX-License-Identifier: Apache-2.0
/** What the object diff has to know of x86-64: its instructions, its relocations, and the tables its kernels keep. */
@NullMarked
package io.github.kpatch.build.diff.x86;

import org.jspecify.annotations.NullMarked;
