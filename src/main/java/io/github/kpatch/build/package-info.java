/**
 * kpatch-build: from a source patch to a patch module. Has the order of it all and what became of it; the parts are in
 * the packages below. It may use them, {@code kernel}, {@code store}, {@code module} and {@code failure}.
 */
@NullMarked
package io.github.kpatch.build;

import org.jspecify.annotations.NullMarked;
