// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import io.github.kpatch.elf.ElfSymbol;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code readelf --symbols --wide} prints (readelf(1)): {@code NUM: VALUE SIZE TYPE BIND VIS NDX NAME}. The
 * size may be hexadecimal, and flags of the machine may stand in brackets before the index. Only the symbol table counts,
 * not that of the dynamic linker, which comes before it.
 */
final class ReadelfText {
    private static final Pattern ROW = Pattern.compile("\\s*\\d+: ([0-9a-f]{8,16})\\s+(?:0x[0-9a-f]+|\\d+) (\\S+)\\s+"
            + "(\\S+)\\s+\\S+\\s+(?:\\[.*?\\]\\s+)?(\\S+)(?: (.*))?");

    private static final String CUT = "[...]";

    private ReadelfText() {}

    static SymbolList read(String text, boolean kernel) throws NoSymbolsException {
        SymbolRows rows = new SymbolRows(kernel);
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.startsWith("Symbol table '")) {
                rows = new SymbolRows(kernel);
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String name = row.group(5) == null ? "" : row.group(5);
                if (name.endsWith(CUT)) {
                    throw new NoSymbolsException("has names that are cut off, such as " + name);
                }
                rows.add(name, type(row.group(2)), binding(row.group(3)), home(row.group(4)), value(row.group(1)));
            }
        }
        return rows.symbols();
    }

    private static long value(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    private static int type(String word) {
        return switch (word) {
            case "OBJECT" -> ElfSymbol.STT_OBJECT;
            case "FUNC" -> ElfSymbol.STT_FUNC;
            case "SECTION" -> ElfSymbol.STT_SECTION;
            case "FILE" -> SymbolRows.STT_FILE;
            default -> 0;
        };
    }

    private static int binding(String word) {
        return switch (word) {
            case "LOCAL" -> SymbolRows.STB_LOCAL;
            case "WEAK" -> ElfSymbol.STB_WEAK;
            default -> SymbolRows.STB_GLOBAL;
        };
    }

    private static int home(String word) throws NoSymbolsException {
        try {
            return switch (word) {
                case "UND" -> 0;
                case "ABS" -> SymbolRows.SHN_ABS;
                default -> Character.isDigit(word.charAt(0)) ? Integer.parseInt(word) : SymbolRows.SHN_ABS + 1;
            };
        } catch (NumberFormatException e) {
            throw new NoSymbolsException("has a symbol in section " + word + ", which no file has", e);
        }
    }
}
