// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

/**
 * A compiler on this machine.
 *
 * @param program the name to call it by, as kbuild's variable CC has it
 */
public record Compiler(String program, CompilerVersion version) {

    /** clang comes with its own assembler and linker, which kbuild has to be told. */
    boolean isClang() {
        return program.contains("clang");
    }
}
