// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

/**
 * One {@code key=value} of a module's {@code .modinfo} section, as the author of the module wrote it: a value may hold
 * anything, control characters too.
 */
public record ModinfoField(String key, String value) {}
