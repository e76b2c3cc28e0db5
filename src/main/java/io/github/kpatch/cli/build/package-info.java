/**
 * The command line of {@code kpatch-build}: parses it, has the patch module built, and prints what became of it. May
 * use {@code cli}, {@code cli.json}, {@code build} and below.
 */
@NullMarked
package io.github.kpatch.cli.build;

import org.jspecify.annotations.NullMarked;
