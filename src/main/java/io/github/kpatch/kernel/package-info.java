/**
 * The running kernel as kpatch sees it: ports for what acts on the machine ({@link io.github.kpatch.kernel.SystemCalls},
 * {@link io.github.kpatch.kernel.KernelLog}, {@link io.github.kpatch.kernel.Programs},
 * {@link io.github.kpatch.kernel.Clock}), readers of sysfs and /proc below one record of paths
 * ({@link io.github.kpatch.kernel.Roots}), and the three sysfs layouts behind
 * {@link io.github.kpatch.kernel.PatchInterface}. It may use {@code module} and {@code failure}.
 */
@NullMarked
package io.github.kpatch.kernel;

import org.jspecify.annotations.NullMarked;
