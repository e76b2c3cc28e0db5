// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

/**
 * What a check of a patch module against the running kernel came to.
 *
 * @param subject what was checked, a word
 * @param sentence what was found, and for a failure what to do
 */
public record Finding(Verdict verdict, String subject, String sentence) {

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

    static Finding pass(String subject, String sentence) {
        return new Finding(Verdict.PASS, subject, sentence);
    }

    static Finding warn(String subject, String sentence) {
        return new Finding(Verdict.WARN, subject, sentence);
    }

    static Finding fail(String subject, String sentence) {
        return new Finding(Verdict.FAIL, subject, sentence);
    }

    static Finding skip(String subject, String sentence) {
        return new Finding(Verdict.SKIP, subject, sentence);
    }
}
