// SPDX-License-Identifier: Apache-2.0
/**
 * The last step of making a patch module: what the object diff kept aside becomes symbols and relocations that livepatch
 * resolves when the module is loaded, or when the module that it patches is.
 */
@NullMarked
package io.github.kpatch.build.klp;

import org.jspecify.annotations.NullMarked;
