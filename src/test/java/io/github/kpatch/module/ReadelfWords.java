// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.SymbolTable;
import java.util.List;
import java.util.Map;

/**
 * Our reading of an object, in readelf's words where it has some.
 *
 * @param symbols its symbol table, which every module has
 */
record ReadelfWords(ElfObject elf, SymbolTable symbols) {
    private static final int LONGEST_NAME = 511;

    private static final Map<Integer, String> SECTION_TYPES =
            Map.of(0, "NULL", 1, "PROGBITS", 2, "SYMTAB", 3, "STRTAB", 4, "RELA", 7, "NOTE", 8, "NOBITS");

    /** By their bits, from the lowest; the fourth has no meaning. */
    private static final String SECTION_FLAGS = "WAX?MSILOGTC";

    private static final List<String> SYMBOL_TYPES =
            List.of("NOTYPE", "OBJECT", "FUNC", "SECTION", "FILE", "COMMON", "TLS");
    private static final List<String> BINDINGS = List.of("LOCAL", "GLOBAL", "WEAK");
    private static final List<String> VISIBILITIES = List.of("DEFAULT", "INTERNAL", "HIDDEN", "PROTECTED");
    private static final Map<Integer, String> RESERVED = Map.of(0xfff1, "ABS", 0xfff2, "COM");

    static ReadelfWords of(byte[] content) throws MalformedElfException {
        ElfObject elf = ElfObject.parse(content);
        return new ReadelfWords(elf, elf.symbols().orElseThrow());
    }

    String name(ElfSection section) throws MalformedElfException {
        return elf.nameOf(section, LONGEST_NAME);
    }

    String type(ElfSection section) {
        return SECTION_TYPES.getOrDefault(section.type(), "type " + section.type());
    }

    String flags(ElfSection section) {
        StringBuilder letters = new StringBuilder();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((section.flags() >>> bit & 1) == 1) {
                letters.append(bit < SECTION_FLAGS.length() ? SECTION_FLAGS.charAt(bit) : '?');
            }
        }
        return letters.toString();
    }

    /** A symbol for a section goes by the name of that. */
    String name(ElfSymbol symbol) throws MalformedElfException {
        String name = symbols.nameOf(symbol, LONGEST_NAME);
        return name.isEmpty() && symbol.type() == ElfSymbol.STT_SECTION ? name(elf.section(symbol.section())) : name;
    }

    String type(ElfSymbol symbol) {
        return word(SYMBOL_TYPES, symbol.type());
    }

    String binding(ElfSymbol symbol) {
        return word(BINDINGS, symbol.binding());
    }

    String visibility(ElfSymbol symbol) {
        return word(VISIBILITIES, symbol.other());
    }

    String home(ElfSymbol symbol) {
        if (symbol.isUndefined()) {
            return "UND";
        }
        return symbol.reserved() == 0
                ? Integer.toString(symbol.section())
                : RESERVED.getOrDefault(symbol.reserved(), "reserved " + symbol.reserved());
    }

    private static String word(List<String> words, int number) {
        return number < words.size() ? words.get(number) : "number " + number;
    }
}
