// SPDX-License-Identifier: Apache-2.0
/**
 * Relocatable ELF objects as a graph that can be changed and written: sections hold their bytes and their relocations,
 * and relocations point at symbols and symbols at sections, not at numbers. Numbers are given out when the object is
 * written. Uses {@code elf} to read; knows nothing of kernels.
 */
@NullMarked
package io.github.kpatch.elf.edit;

import org.jspecify.annotations.NullMarked;
