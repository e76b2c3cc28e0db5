/** The packaged program on real kernels, in virtual machines that {@code scripts/vm} boots. */
@NullMarked
package io.github.kpatch.vm;

import org.jspecify.annotations.NullMarked;
