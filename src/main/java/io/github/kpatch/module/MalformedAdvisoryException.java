// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

/** A file beside a patch module that should say what it fixes does not; the message says why, in words. */
public final class MalformedAdvisoryException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedAdvisoryException(String message) {
        super(message);
    }
}
