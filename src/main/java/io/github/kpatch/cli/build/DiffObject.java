// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code kpatch-build diff-object}: compares two objects for other programs. */
@FunctionalInterface
public interface DiffObject {

    /**
     * Compares.
     *
     * @param arguments ORIG.o PATCHED.o PARENT-NAME PARENT-SYMTAB MODULE-SYMVERS PATCH-NAME OUTPUT.o
     * @param variables the environment, which may have the sizes of entries in special sections
     * @param line is told what there is to say
     * @return the exit status: 0 with an output object, 3 where there is no difference
     * @throws io.github.kpatch.failure.KpatchException where the change cannot be patched
     */
    int run(List<String> arguments, Map<String, String> variables, Consumer<String> line);
}
