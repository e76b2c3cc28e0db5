/**
 * What kpatch does: one class for each use case, with its preconditions, its order of steps, its retries and what it
 * undoes. Knows no command line; tells what it does to a {@link io.github.kpatch.operation.Progress}, returns facts as
 * records, and fails with a {@link io.github.kpatch.failure.KpatchException}.
 */
@NullMarked
package io.github.kpatch.operation;

import org.jspecify.annotations.NullMarked;
