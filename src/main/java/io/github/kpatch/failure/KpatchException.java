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

    @SuppressWarnings("serial") // List.copyOf returns a serializable list
    private final List<String> evidence;

    public KpatchException(Failure kind, String sentence) {
        this(kind, sentence, List.of(), null);
    }

    public KpatchException(Failure kind, String sentence, Throwable cause) {
        this(kind, sentence, List.of(), cause);
    }

    public KpatchException(Failure kind, String sentence, List<String> evidence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
        this.evidence = List.copyOf(evidence);
    }

    public Failure kind() {
        return kind;
    }

    /** Lines to show below the sentence, as the kernel gave them: not yet safe for a terminal. */
    public List<String> evidence() {
        return evidence;
    }

    /** The sentence. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
