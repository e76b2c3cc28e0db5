// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** Why an input or output failed, in the system's words, without the path that Java puts before them. */
final class Reason {
    private Reason() {}

    static String of(IOException e) {
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
