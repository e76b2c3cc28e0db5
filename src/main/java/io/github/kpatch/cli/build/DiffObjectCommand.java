// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import io.github.kpatch.build.DiffObject;
import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.UsageException;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code kpatch-build diff-object}: compares two objects for other programs. */
final class DiffObjectCommand {
    static final String NAME = "diff-object";

    private static final int SAME = 3;
    private static final int OPERANDS = 7;

    private DiffObjectCommand() {}

    /**
     * Compares.
     *
     * @param operands ORIG.o PATCHED.o PARENT-NAME PARENT-SYMTAB MODULE-SYMVERS PATCH-NAME OUTPUT.o
     * @return the exit status: 0 with an output object, 3 where there is no difference
     */
    static int run(List<String> operands, Map<String, String> variables, Console console) {
        if (operands.size() != OPERANDS) {
            throw new UsageException(NAME + " takes " + OPERANDS + " operands: ORIG.o PATCHED.o PARENT-NAME"
                    + " PARENT-SYMTAB MODULE-SYMVERS PATCH-NAME OUTPUT.o");
        }
        Path patched = Path.of(operands.get(1));
        Difference difference = DiffObject.compare(
                new DiffObject.Request(
                        Path.of(operands.get(0)),
                        patched,
                        operands.get(2),
                        Path.of(operands.get(3)),
                        Path.of(operands.get(4))),
                variables);
        if (!difference.refusals().isEmpty()) {
            throw new KpatchException(
                    Failure.REFUSED,
                    Sentence.of(patched + ": the change cannot be patched into a running kernel"),
                    difference.refusals());
        }
        difference.notes().forEach(console::line);
        if (difference.output().isEmpty()) {
            console.line(patched + ": is the same as " + operands.get(0) + " in all that counts");
            return SAME;
        }
        difference.changed().forEach(function -> console.line("changed function: " + function));
        difference.added().forEach(function -> console.line("new function: " + function));
        difference.removed().forEach(function -> console.line("removed function: " + function));
        Disk.write(Path.of(operands.get(6)), difference.output().get().object().toBytes());
        return 0;
    }
}
