// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

/**
 * A place that depends on the address of a symbol (gABI, "Relocation").
 *
 * @param offset in the section that is relocated
 */
public record Relocation(long offset, int type, Symbol symbol, long addend) {}
