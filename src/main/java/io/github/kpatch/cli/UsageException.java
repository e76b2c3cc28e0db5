// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

/** The command line asks for something that cannot be: a sentence without the hint at the help. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String sentence) {
        super(sentence);
    }
}
