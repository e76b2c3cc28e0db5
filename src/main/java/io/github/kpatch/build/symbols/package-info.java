// SPDX-License-Identifier: Apache-2.0
/**
 * Where symbols are in a kernel or in one of its modules: what stands behind the comma of {@code .klp.sym.OBJECT.NAME,POS}
 * (Documentation/livepatch/module-elf-format.rst). A name that an object shares with others is told from theirs by what
 * lies around it; where that leaves two to choose from, the answer is that it is ambiguous, and never a guess.
 *
 * <p>No debug information is needed: symbols come from System.map, from the table that a kernel carries for its own
 * traces ({@code kallsyms}), which is in the compressed image of every distribution, or from a symbol table.
 *
 * <p>Parsers take bytes or lines and know no files; {@link io.github.kpatch.build.symbols.KernelSymbolSource} reads them.
 * Every file is taken for hostile. Uses {@code elf}, {@code module} (for what unpacks zstd), {@code kernel} (for where
 * files are) and {@code failure}.
 */
@NullMarked
package io.github.kpatch.build.symbols;

import org.jspecify.annotations.NullMarked;
