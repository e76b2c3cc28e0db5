// SPDX-License-Identifier: Apache-2.0
/**
 * The difference of two objects made from one source before and after a change, and the object that brings a kernel that
 * runs the first to the behaviour of the second.
 *
 * <p>Both objects are taken apart into {@linkplain io.github.kpatch.build.diff.Atom atoms}, functions, variables,
 * strings, entries of the kernel's tables, and the references among them. Atoms of the two are correlated and compared;
 * functions that differ are included, with all that they need and the kernel does not have; what the kernel has is
 * referred to. What is not understood is refused and never passed over.
 *
 * <p>What belongs to one machine stands in {@code x86} behind {@link io.github.kpatch.build.diff.MachineRules}. Works on
 * bytes and symbols only: no files, no processes.
 */
@NullMarked
package io.github.kpatch.build.diff;

import org.jspecify.annotations.NullMarked;
