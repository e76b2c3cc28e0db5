// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Standard output and standard error. Text is made harmless to a terminal line by line. A stream that cannot be written
 * to does not stop what is going on in the kernel: the first error is kept for the end.
 */
public final class Console {
    /** The control sequences of ECMA-48 "CUP", "EL" and "ED". */
    private static final String HOME = "\u001b[H";

    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final OutputStream out;
    private final OutputStream err;
    private final boolean liveErr;
    private final Look look;
    private final StringBuilder pending = new StringBuilder();
    private Optional<IOException> failure = Optional.empty();
    private boolean lineShown;

    /**
     * How standard output looks.
     *
     * @param live whether it is a terminal that can be written over
     * @param colour whether it has colours, and they are wanted
     * @param boxes whether it has the characters for boxes
     * @param width of its lines, in characters
     * @param height how many lines it has
     */
    record Look(boolean live, boolean colour, boolean boxes, int width, int height) {}

    /** Standard streams as the environment has them. */
    public static Console of(Environment environment, OutputStream out, OutputStream err) {
        return new Console(out, err, environment.showsProgress(), environment.look());
    }

    /**
     * @param liveErr whether standard error is a terminal that shows a line of progress
     */
    Console(OutputStream out, OutputStream err, boolean liveErr, Look look) {
        this.look = look;
        this.out = out;
        this.err = err;
        this.liveErr = liveErr;
    }

    /** Adds a line to standard output, to be written with the next {@link #flush}. */
    public synchronized void line(String text) {
        pending.append(SafeText.of(text)).append('\n');
    }

    /** Adds the parts of a screen. */
    public synchronized void sections(List<Section> sections) {
        pending.append(Screen.text(sections, look));
    }

    /** Whether what is on a terminal can be written over. */
    public boolean isLive() {
        return look.live();
    }

    /** Writes what is pending over what was written before, as much of it as fits; false if that cannot be done any more. */
    public synchronized boolean redraw() {
        List<String> lines = pending.toString().lines().toList();
        pending.setLength(0);
        int fit = look.height() - 2; // one for what is left out, one for the cursor
        StringBuilder screen = new StringBuilder(HOME);
        for (String line : lines.size() - 1 > fit ? lines.subList(0, fit) : lines) {
            screen.append(line).append(CLEAR_LINE).append('\n');
        }
        if (lines.size() - 1 > fit) {
            screen.append(lines.size() - fit)
                    .append(" more lines")
                    .append(CLEAR_LINE)
                    .append('\n');
        }
        write(out, screen.append(CLEAR_BELOW).toString());
        return failure.isEmpty();
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
    public synchronized void text(String text) {
        pending.append(text);
    }

    /** Writes what is pending. */
    public synchronized void flush() {
        clearProgress();
        if (!pending.isEmpty()) {
            write(out, pending.toString());
            pending.setLength(0);
        }
    }

    /** The first error that standard output gave. */
    public Optional<IOException> failure() {
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
