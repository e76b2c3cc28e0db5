// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.ModuleName;

/**
 * A patch module that the kernel knows.
 *
 * @param name its name
 * @param state what it is doing
 */
public record LoadedPatch(ModuleName name, PatchState state) {}
