// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff.x86;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** Whether two versions of a function differ in nothing but the numbers of lines that they report. */
final class LineComparison {
    /**
     * They take a file and a line, by which they say where something went wrong: what they do does not depend on it. The
     * line is the second argument of all of them.
     */
    private static final Set<String> LINE_SECOND = Set.of(
            "__might_sleep",
            "__might_resched",
            "__might_fault",
            "___might_sleep",
            "warn_slowpath_fmt",
            "warn_slowpath_null",
            "lockdep_rcu_suspicious",
            "__cant_sleep",
            "__cant_migrate");

    /** The same with the line third. */
    private static final Set<String> LINE_THIRD =
            Set.of("__btrfs_abort_transaction", "__btrfs_handle_fs_error", "__btrfs_panic");

    /** The format comes first. */
    private static final Set<String> PRINTING = Set.of("printk", "_printk", "__warn_printk");

    /** Of {@code ASSERT_RTNL}, which prints the line itself. */
    private static final String FORMAT_OF_LINE = "RTNL: assertion failed at %s (%d)\n\0";

    private final byte[] one;
    private final byte[] other;
    private final IntFunction<String> target;

    /** Which argument of the next call differs; 0 for none. */
    private int argument;

    /** Whether that call may print a line. */
    private boolean isFormatted;

    LineComparison(byte[] one, byte[] other, IntFunction<String> target) {
        this.one = one;
        this.other = other;
        this.target = target;
    }

    boolean differsInLineOnly() {
        int at = 0;
        while (at < one.length) {
            Optional<Instruction> here = Instruction.decode(one, at);
            if (here.isEmpty() || !here.equals(Instruction.decode(other, at)) || !isSame(here.get())) {
                return false;
            }
            at = here.get().end();
        }
        return argument == 0;
    }

    private boolean isSame(Instruction instruction) {
        if (!isEqual(instruction.at(), instruction.end())) {
            boolean isLine = (argument == 0 || argument == instruction.argument()) && isLine(instruction);
            argument = instruction.argument();
            return isLine;
        }
        if (instruction.isBranch()) {
            boolean isReported = argument == 0 || isReporter(target.apply(instruction.immediateAt()));
            argument = 0;
            isFormatted = false;
            return isReported;
        }
        isFormatted |= refersToFormat(instruction.immediateAt()) || refersToFormat(instruction.relative());
        return true;
    }

    private boolean refersToFormat(int offset) {
        return target.apply(offset).endsWith(FORMAT_OF_LINE);
    }

    private boolean isLine(Instruction instruction) {
        return instruction.argument() > 1
                && isEqual(instruction.at(), instruction.immediateAt())
                && isPossible(one, instruction)
                && isPossible(other, instruction);
    }

    private boolean isReporter(String callee) {
        return argument == 2
                ? LINE_SECOND.contains(callee)
                : argument == 3 && (LINE_THIRD.contains(callee) || (isFormatted && PRINTING.contains(callee)));
    }

    /** The numbers of lines are positive, and no file is longer than this. */
    private static boolean isPossible(byte[] code, Instruction instruction) {
        int at = instruction.immediateAt();
        return code[at + 2] == 0 && code[at + 3] == 0;
    }

    private boolean isEqual(int from, int to) {
        return Arrays.equals(one, from, to, other, from, to);
    }
}
