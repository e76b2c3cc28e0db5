// SPDX-License-Identifier: Apache-2.0
/**
 * Source patches: read, applied to a kernel's source tree, and taken back again.
 *
 * <p>It is not left to patch(1), because a build needs more than a changed tree: to know before anything is written
 * that all patches apply, to say exactly what does not, and to have every byte as it was after a build that was killed.
 * A patch comes from anywhere and is taken for hostile: names that lead out of the tree are refused, and nothing is
 * believed that it says of itself. How hunks find their place is patch(1)'s way, so that what applies there applies
 * here.
 *
 * <p>{@link io.github.kpatch.build.patch.SourcePatch} is what a patch says, {@link
 * io.github.kpatch.build.patch.PatchPlan} what it would do to a tree, {@link io.github.kpatch.build.patch.Journal}
 * writes that and takes it back. It may use {@code store}, {@code module} and {@code failure}.
 */
@NullMarked
package io.github.kpatch.build.patch;

import org.jspecify.annotations.NullMarked;
