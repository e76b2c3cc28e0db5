/**
 * What is left to the kernel's own build, kbuild: preparing a source tree, compiling objects as the kernel was
 * compiled, and linking the patch module with what makes a livepatch of it. May use {@code build.source}, {@code elf},
 * {@code module}, {@code kernel}, {@code store} and {@code failure}.
 */
@NullMarked
package io.github.kpatch.build.kbuild;

import org.jspecify.annotations.NullMarked;
