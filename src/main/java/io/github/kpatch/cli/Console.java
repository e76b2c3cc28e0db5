// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Standard output and standard error. Text is made harmless to a terminal line by line. A stream that cannot be written
 * to does not stop what is going on in the kernel: the first error is kept for the end.
 */
public final class Console {
    private final OutputStream out;
    private final OutputStream err;
    private final boolean liveErr;
    private final StringBuilder pending = new StringBuilder();
    private Optional<IOException> failure = Optional.empty();
    private boolean lineShown;

    /**
     * @param liveErr whether standard error is a terminal that shows a line of progress
     */
    Console(OutputStream out, OutputStream err, boolean liveErr) {
        this.out = out;
        this.err = err;
        this.liveErr = liveErr;
    }

    /** Adds a line to standard output, to be written with the next {@link #flush}. */
    public synchronized void line(String text) {
        pending.append(SafeText.of(text)).append('\n');
    }

    /** Writes a line of standard output at once. */
    public synchronized void lineNow(String text) {
        line(text);
        flush();
    }

    /** Writes a line to standard error. */
    public synchronized void error(String text) {
        flush();
        write(err, SafeText.of(text) + "\n");
    }

    /** Whether a line of progress is of any use. */
    public boolean showsProgress() {
        return liveErr;
    }

    /** Shows a line that the next line takes the place of. */
    public synchronized void progress(String text) {
        if (liveErr) {
            write(err, "\r" + SafeText.of(text) + "\u001b[K");
            lineShown = true;
        }
    }

    /** Writes text that has its line ends and is safe: the help. */
    synchronized void text(String text) {
        pending.append(text);
    }

    /** Writes what is pending. */
    synchronized void flush() {
        clearProgress();
        if (!pending.isEmpty()) {
            write(out, pending.toString());
            pending.setLength(0);
        }
    }

    /** The first error that standard output gave. */
    Optional<IOException> failure() {
        return failure;
    }

    private void clearProgress() {
        if (lineShown) {
            lineShown = false;
            write(err, "\r\u001b[K");
        }
    }

    private void write(OutputStream stream, String text) {
        try {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException e) {
            if (stream == out && failure.isEmpty()) { // of an error stream that fails there is nowhere to tell
                failure = Optional.of(e);
            }
        }
    }
}
