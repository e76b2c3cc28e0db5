// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.PatchedFunction;
import java.util.List;
import java.util.Optional;

/**
 * An object that a loaded patch module patches.
 *
 * @param name {@code vmlinux}, or a module's name
 * @param functions the functions it replaces there
 * @param patched whether the object is there and patched, where the kernel tells (since 6.1)
 */
public record LoadedObject(String name, List<PatchedFunction> functions, Optional<Boolean> patched) {}
