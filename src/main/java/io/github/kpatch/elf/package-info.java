// SPDX-License-Identifier: Apache-2.0
/**
 * ELF objects: 64 bits, either byte order, from bytes already in memory.
 *
 * <p>Every offset, count and index in a file is taken for hostile. Nothing is believed before it was checked against
 * overflow and against the size of the file, nothing is allocated by a count that the file merely claims, and names are
 * decoded only when asked for, so that the cost of reading is explained by the size of the file. What is wrong with a
 * file leaves this package as {@link io.github.kpatch.elf.MalformedElfException} and as nothing else.
 *
 * <p>Structures and numbers are those of the System V ABI, "Object Files" (gABI chapters 4 and 5), and of the 64-bit
 * object format that <i>elf(5)</i> describes. This package knows nothing of kernels, modules or patches.
 */
@NullMarked
package io.github.kpatch.elf;

import org.jspecify.annotations.NullMarked;
