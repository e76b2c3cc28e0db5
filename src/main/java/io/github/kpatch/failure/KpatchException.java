// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.failure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure as the user shall read it: one sentence that names the thing, the cause and the next step, and where there
 * is evidence (lines of the kernel log, stalled tasks) the lines that prove it.
 */
public final class KpatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure kind;

    @SuppressWarnings("serial") // nobody serializes failures
    private final Sentence sentence;

    @SuppressWarnings("serial") // List.copyOf returns a serializable list
    private final List<String> evidence;

    public KpatchException(Failure kind, String message) {
        this(kind, Sentence.of(message));
    }

    public KpatchException(Failure kind, String message, Throwable cause) {
        this(kind, Sentence.of(message), List.of(), cause);
    }

    public KpatchException(Failure kind, String message, String hint) {
        this(kind, Sentence.of(message, hint));
    }

    public KpatchException(Failure kind, String message, String hint, Throwable cause) {
        this(kind, Sentence.of(message, hint), List.of(), cause);
    }

    public KpatchException(Failure kind, Sentence sentence) {
        this(kind, sentence, List.of(), null);
    }

    public KpatchException(Failure kind, Sentence sentence, List<String> evidence) {
        this(kind, sentence, evidence, null);
    }

    public KpatchException(Failure kind, Sentence sentence, List<String> evidence, @Nullable Throwable cause) {
        super(sentence.text(), cause);
        this.kind = kind;
        this.sentence = sentence;
        this.evidence = List.copyOf(evidence);
    }

    public Failure kind() {
        return kind;
    }

    /** Lines to show below the sentence, as the kernel gave them: not yet safe for a terminal. */
    public List<String> evidence() {
        return evidence;
    }

    /** What failed and why, and the next step. */
    public Sentence parts() {
        return sentence;
    }

    /** The sentence. */
    public String sentence() {
        return sentence.text();
    }
}
