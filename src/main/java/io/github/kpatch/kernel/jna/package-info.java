/**
 * The C library through JNA, and nothing else: numbers and pointers on one side, the ports of {@code kernel} on the
 * other. The only package that may use JNA; only {@code Main} uses it.
 */
@NullMarked
package io.github.kpatch.kernel.jna;

import org.jspecify.annotations.NullMarked;
