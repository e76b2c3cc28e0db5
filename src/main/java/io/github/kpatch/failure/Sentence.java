// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.failure;

import java.util.Optional;

/**
 * A sentence for the user, in its two parts.
 *
 * @param message the thing and the cause
 * @param hint the next step, where there is one
 */
public record Sentence(String message, Optional<String> hint) {
    public static Sentence of(String message) {
        return new Sentence(message, Optional.empty());
    }

    public static Sentence of(String message, String hint) {
        return new Sentence(message, Optional.of(hint));
    }

    /** The same of a thing that is named before it. */
    public Sentence about(Object thing) {
        return new Sentence(thing + ": " + message, hint);
    }

    /** The whole. */
    public String text() {
        return hint.map(next -> message + "; " + next).orElse(message);
    }
}
