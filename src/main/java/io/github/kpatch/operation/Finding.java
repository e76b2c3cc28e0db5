// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import io.github.kpatch.failure.Sentence;

/**
 * What a check of a patch module against the running kernel came to.
 *
 * @param subject what was checked, a word
 * @param sentence what was found, and for a failure what to do
 */
public record Finding(Verdict verdict, String subject, Sentence sentence) {

    /** How it came out. */
    public enum Verdict {
        PASS,
        /** Loading would succeed, with an effect that one should know. */
        WARN,
        /** Loading would be refused, or patch nothing. */
        FAIL,
        /** It could not be checked here. */
        SKIP
    }

    /** The whole sentence. */
    public String text() {
        return sentence.text();
    }

    static Finding pass(String subject, String sentence) {
        return new Finding(Verdict.PASS, subject, Sentence.of(sentence));
    }

    static Finding warn(String subject, String sentence) {
        return new Finding(Verdict.WARN, subject, Sentence.of(sentence));
    }

    static Finding fail(String subject, String message, String hint) {
        return fail(subject, Sentence.of(message, hint));
    }

    static Finding fail(String subject, Sentence sentence) {
        return new Finding(Verdict.FAIL, subject, sentence);
    }

    static Finding skip(String subject, String sentence) {
        return new Finding(Verdict.SKIP, subject, Sentence.of(sentence));
    }
}
