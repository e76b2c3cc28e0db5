// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import io.github.kpatch.module.Zstd;

/** The machine kpatch runs on: all that tests replace by their own. */
public interface Machine {

    Roots roots();

    /** The system calls; the native library is loaded when this is first called. */
    SystemCalls systemCalls();

    /** What unpacks zstd. */
    Zstd zstd();

    KernelLog kernelLog();

    SystemLog systemLog();

    Clock clock();

    Programs programs();

    /** What a developer has on the machine, for building. */
    Tools tools();

    Interrupts interrupts();

    /** The machine's ELF architecture as {@code uname -m} says it. */
    String architecture();

    /** The effective user id. */
    int userId();
}
