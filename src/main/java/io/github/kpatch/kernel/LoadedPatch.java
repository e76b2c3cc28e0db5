// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.ModuleName;
import java.util.OptionalInt;

/**
 * A patch module that the kernel knows.
 *
 * @param name its name
 * @param state what it is doing
 * @param stackOrder its place in the stack where the kernel tells (since 6.14): the biggest is in effect
 */
public record LoadedPatch(ModuleName name, PatchState state, OptionalInt stackOrder) {}
