// SPDX-License-Identifier: Apache-2.0
/** Tests of the program as it is put together for its users: launcher, libraries, packages. */
@NullMarked
package io.github.kpatch.dist;

import org.jspecify.annotations.NullMarked;
