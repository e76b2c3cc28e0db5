// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

/**
 * No symbols can be had from a file. The message is a fragment that begins with a verb and reads well after the file's
 * name, such as {@code is a placeholder}; the caller adds the name and what to do.
 */
public final class NoSymbolsException extends Exception {
    private static final long serialVersionUID = 1L;

    NoSymbolsException(String reason) {
        super(reason);
    }

    NoSymbolsException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
