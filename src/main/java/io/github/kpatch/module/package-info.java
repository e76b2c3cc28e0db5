// SPDX-License-Identifier: Apache-2.0
/**
 * What a patch module's file says of itself: its name, the kernel it was built for, the functions it patches, who signed
 * it. Nothing here looks at the running kernel or at other files, and nothing is written.
 *
 * <p>Whatever is wrong with the bytes is said by {@link io.github.kpatch.module.NotAPatchModuleException}, in words that
 * follow the name of the file. May use {@code elf}; is used by {@code store} and what is above it.
 *
 * <p>These classes run before every {@code load}, so they keep to plain loops: lambdas, regular expressions and the
 * generated {@code hashCode} of records each cost the JVM more at start-up than reading a module does.
 */
@NullMarked
package io.github.kpatch.module;

import org.jspecify.annotations.NullMarked;
