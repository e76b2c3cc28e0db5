// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

/** How a piece of text looks on a terminal that has colours. */
public enum Style {
    PLAIN(""),
    /** What belongs to the form and not to the facts. */
    FRAME("2"),
    HEADING("1"),
    GOOD("32"),
    /** What may want attention. */
    WARNING("33"),
    BAD("31");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** The text between the control sequences of ECMA-48, "SGR". */
    String around(String text) {
        return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
