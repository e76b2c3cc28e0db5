// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.failure.KpatchException;
import java.util.List;
import java.util.Optional;

/**
 * A failure as programs read it.
 *
 * @param code which kind of failure it was: a word that does not change
 * @param message what failed, and the cause
 * @param hint what to do about it
 * @param evidence lines that prove it
 */
public record JsonFailure(String code, String message, Optional<String> hint, List<String> evidence) {
    /** What separates the next step from the rest in our sentences. */
    private static final String NEXT_STEP = "; ";

    public static JsonFailure of(KpatchException failure) {
        return of(Json.word(failure.kind()), failure.sentence(), failure.evidence());
    }

    public static JsonFailure of(String code, String sentence, List<String> evidence) {
        int end = sentence.lastIndexOf(NEXT_STEP);
        return end < 0
                ? new JsonFailure(code, sentence, Optional.empty(), evidence)
                : new JsonFailure(
                        code,
                        sentence.substring(0, end),
                        Optional.of(sentence.substring(end + NEXT_STEP.length())),
                        evidence);
    }

    void write(Json json) {
        json.text("code", code).text("message", message).text("hint", hint);
        if (!evidence.isEmpty()) {
            json.texts("evidence", evidence);
        }
    }
}
