// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import java.util.List;

/** Lays out the parts of a screen: in boxes on a terminal that has them, else as paragraphs. */
final class Screen {
    /** What the two sides of a box take. */
    private static final int BORDERS = 4;

    private final Console.Look look;
    private final StringBuilder text = new StringBuilder();

    private Screen(Console.Look look) {
        this.look = look;
    }

    /** The text of a screen, with its line ends. */
    static String text(List<Section> sections, Console.Look look) {
        Screen screen = new Screen(look);
        for (Section section : sections) {
            if (look.boxes()) {
                screen.box(section);
            } else {
                screen.paragraph(section);
            }
        }
        return screen.text.toString();
    }

    private void paragraph(Section section) {
        boolean titled = !section.title().isEmpty();
        text.append(text.isEmpty() ? "" : "\n");
        if (titled) {
            line(Styled.of(Style.HEADING, section.title() + ":"));
        }
        for (Styled line : section.lines()) {
            line(Styled.of(titled ? "  " : "").add(line));
        }
    }

    private void box(Section section) {
        int inner = look.width() - BORDERS;
        String title = section.title().isEmpty() ? "" : " " + section.title() + " ";
        frame("┌─", title, "─".repeat(Math.max(0, look.width() - 3 - title.length())) + "┐");
        for (Styled line : section.lines()) {
            for (Styled part : line.wrapped(inner, section.hang())) {
                int gap = Math.max(0, inner - part.text(false).length());
                line(Styled.of(Style.FRAME, "│ ").add(part).add(" ".repeat(gap)).add(Style.FRAME, " │"));
            }
        }
        frame("└", "", "─".repeat(look.width() - 2) + "┘");
    }

    private void frame(String left, String title, String right) {
        line(Styled.of(Style.FRAME, left).add(Style.HEADING, title).add(Style.FRAME, right));
    }

    private void line(Styled line) {
        text.append(line.text(look.colour())).append('\n');
    }
}
