/**
 * One class for each command: its options, one call of an operation, and the lines that it prints. Decisions are made
 * in {@code operation}, failures are handled in {@code cli}.
 */
@NullMarked
package io.github.kpatch.cli.command;

import org.jspecify.annotations.NullMarked;
