// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import java.util.Locale;

/** What has come of a change, as the history has it. */
enum Outcome {
    /** It was begun, and it is not known how it ended. */
    BEGUN,
    DONE,
    /** The kernel goes on with it, and kpatch did not wait for the end. */
    GOING_ON,
    FAILED;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
