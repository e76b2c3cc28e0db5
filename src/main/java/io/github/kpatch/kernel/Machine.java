// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

/** The machine kpatch runs on: all that tests replace by their own. */
public interface Machine {

    Roots roots();

    /** The system calls; the native library is loaded when this is first called. */
    SystemCalls systemCalls();

    KernelLog kernelLog();

    Clock clock();

    Programs programs();

    Interrupts interrupts();

    /** The machine's ELF architecture as {@code uname -m} says it. */
    String architecture();

    /** The effective user id. */
    int userId();
}
