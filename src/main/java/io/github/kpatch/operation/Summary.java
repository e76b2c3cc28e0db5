// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.util.List;

/** The end of a command that does several things and goes on past what fails. */
final class Summary {
    private Summary() {}

    /** Fails, and names what failed, if anything did. */
    static void failIfAny(List<?> failed, int all, String done, Progress progress) {
        if (failed.isEmpty()) {
            return;
        }
        StringBuilder names = new StringBuilder();
        for (Object name : failed) {
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
        throw new KpatchException(
                Failure.FAILED,
                failed.size() + " of " + all + " patch modules could not be " + done + " (" + names + ")",
                progress.failuresTold() + " say why");
    }
}
