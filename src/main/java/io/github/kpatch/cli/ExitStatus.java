// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import io.github.kpatch.failure.Failure;

/** How kpatch ends: the same statuses for every command, part of its interface to scripts. */
public enum ExitStatus {
    SUCCESS(0, "what was asked for is so, also if it was so before"),
    FAILED(1, "it failed, and there is nothing finer to say"),
    USAGE(2, "the command line is wrong"),
    NO_SUCH_MODULE(3, "there is no such patch module"),
    REFUSED(4, "refused before the kernel was touched: not a patch module, for another kernel, corrupt, unsafe DB"),
    KERNEL_REFUSED(5, "the kernel refused"),
    STALLED(6, "the transition stalled"),
    NOT_PERMITTED(7, "not permitted");

    private final int number;
    private final String meaning;

    ExitStatus(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** What it tells, as {@code --help} and the manual page say it. */
    public String meaning() {
        return meaning;
    }

    static ExitStatus of(Failure failure) {
        return switch (failure) {
            case FAILED -> FAILED;
            case NO_SUCH_MODULE -> NO_SUCH_MODULE;
            case REFUSED -> REFUSED;
            case KERNEL_REFUSED -> KERNEL_REFUSED;
            case STALLED -> STALLED;
            case NOT_PERMITTED -> NOT_PERMITTED;
        };
    }
}
