/**
 * The one exception by which everything below {@code cli} says that it failed, and the kinds of failure a caller can
 * tell apart. Uses nothing of the project; only {@code cli} turns a kind into an exit status.
 */
@NullMarked
package io.github.kpatch.failure;

import org.jspecify.annotations.NullMarked;
