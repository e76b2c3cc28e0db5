/**
 * The command line: what stands between a user or script and the operations. The only package that knows picocli, exit
 * statuses and terminals. A command's model is built by hand and only for the command that was called, as every class
 * that is loaded and every annotation that is read is time at start-up.
 */
@NullMarked
package io.github.kpatch.cli;

import org.jspecify.annotations.NullMarked;
