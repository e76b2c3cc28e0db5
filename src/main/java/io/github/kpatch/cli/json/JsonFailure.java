// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.failure.Sentence;
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
    public static JsonFailure of(KpatchException failure) {
        return of(Json.word(failure.kind()), failure.parts(), failure.evidence());
    }

    public static JsonFailure of(String code, Sentence sentence, List<String> evidence) {
        return new JsonFailure(code, sentence.message(), sentence.hint(), evidence);
    }

    void write(Json json) {
        json.text("code", code).text("message", message).text("hint", hint);
        if (!evidence.isEmpty()) {
            json.texts("evidence", evidence);
        }
    }
}
