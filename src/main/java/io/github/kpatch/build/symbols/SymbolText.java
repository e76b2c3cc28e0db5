// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ADDRESS TYPE NAME}, as System.map and /proc/kallsyms have it (proc(5)); in the latter what follows a tab
 * is the module, and modules are left out: what they define is counted by their files. A line that is none of this kind
 * ends it, and is kept: it may say where the symbols really are.
 */
final class SymbolText {
    private final SymbolList.Builder symbols = new SymbolList.Builder();
    private boolean secret = true;
    private @Nullable String stranger;

    /** Takes the next line. */
    void line(String line) {
        int space = line.indexOf(' ');
        boolean known = space > 0
                && line.length() > space + 3
                && SymbolType.is(line.charAt(space + 1))
                && line.charAt(space + 2) == ' ';
        long address = known ? address(line.substring(0, space)) : -1;
        int tab = line.indexOf('\t');
        int end = tab < 0 ? line.length() : tab;
        if (!known || address == -1 || end < space + 3 || line.lastIndexOf(' ', end - 1) > space + 2) {
            stranger = stranger == null ? line : stranger;
        } else if (tab < 0) {
            secret &= address == 0;
            symbols.add(
                    line.substring(space + 3), address, SymbolType.flags(line.charAt(space + 1)), SymbolList.NO_FILE);
        }
    }

    private static long address(String digits) {
        try {
            return Long.parseUnsignedLong(digits, 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The lines of a text. */
    static SymbolText of(String text) {
        SymbolText symbols = new SymbolText();
        text.lines().forEach(symbols::line);
        return symbols;
    }

    /** Whether all lines have been of this kind. */
    boolean isGood() {
        return stranger == null;
    }

    /** Whether all addresses are 0, as who is not root sees them in /proc/kallsyms: only the order is known then. */
    boolean isSecret() {
        return secret;
    }

    SymbolList symbols() throws NoSymbolsException {
        if (stranger != null) {
            throw new NoSymbolsException(
                    symbols.size() == 0
                            ? "is no list of symbols: it begins with \"" + beginning(stranger) + '"'
                            : "is no list of symbols: it has the line \"" + beginning(stranger) + '"');
        }
        if (symbols.size() == 0) {
            throw new NoSymbolsException("has no symbols in it");
        }
        return symbols.sortedByAddress();
    }

    private static String beginning(String line) {
        return line.length() <= 120 ? line : line.substring(0, 120) + "...";
    }
}
