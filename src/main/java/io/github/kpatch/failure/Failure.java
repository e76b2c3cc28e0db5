// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.failure;

/** What kind of failure it was: the distinctions that a script can act upon. */
public enum Failure {
    /** It failed, and there is nothing finer to say. */
    FAILED,
    /** There is no such patch module: no file, nothing installed, nothing loaded. */
    NO_SUCH_MODULE,
    /** Refused by kpatch before the kernel was touched. */
    REFUSED,
    /** The kernel was asked and said no. */
    KERNEL_REFUSED,
    /** A transition did not end in its time. */
    STALLED,
    /** The caller lacks the permission. */
    NOT_PERMITTED
}
