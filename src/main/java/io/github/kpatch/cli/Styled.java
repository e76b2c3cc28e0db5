// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import java.util.ArrayList;
import java.util.List;

/** A line of text in pieces, each with a style. */
public final class Styled {
    private record Piece(Style style, String text) {}

    private final List<Piece> pieces = new ArrayList<>();

    public static Styled of(String text) {
        return new Styled().add(Style.PLAIN, text);
    }

    public static Styled of(Style style, String text) {
        return new Styled().add(style, text);
    }

    public Styled add(Style style, String text) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(style, SafeText.of(text)));
        }
        return this;
    }

    public Styled add(String text) {
        return add(Style.PLAIN, text);
    }

    public Styled add(Styled other) {
        pieces.addAll(other.pieces);
        return this;
    }

    /**
     * The line broken at spaces into such as fit.
     *
     * @param hang how far those after the first are indented
     */
    List<Styled> wrapped(int width, int hang) {
        List<Styled> lines = new ArrayList<>();
        Styled line = new Styled();
        int used = 0;
        for (Piece piece : pieces) {
            for (String word : piece.text().split("(?<= )(?=[^ ])", -1)) {
                int length = word.stripTrailing().length();
                if (used > hang && used + length > width) {
                    lines.add(line.withoutSpaceAtTheEnd());
                    line = new Styled().add(" ".repeat(hang));
                    used = hang;
                }
                line.add(piece.style(), word);
                used += word.length();
            }
        }
        lines.add(line.withoutSpaceAtTheEnd());
        return lines;
    }

    private Styled withoutSpaceAtTheEnd() {
        if (!pieces.isEmpty()) {
            Piece last = pieces.remove(pieces.size() - 1);
            pieces.add(new Piece(last.style(), last.text().stripTrailing()));
        }
        return this;
    }

    /** The text; its control characters are harmless. */
    String text(boolean colour) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            text.append(colour ? piece.style().around(piece.text()) : piece.text());
        }
        return text.toString();
    }
}
