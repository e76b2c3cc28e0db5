// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

/** What is installed under the name of a loaded patch module. */
public enum InstalledCopy {
    /** The same module. */
    SAME,
    /** Another module. */
    ANOTHER,
    /** A module of which it does not show whether it is the same. */
    UNKNOWN,
    /** Nothing. */
    NONE
}
