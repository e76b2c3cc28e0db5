// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfRelocation;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.RelocationTable;
import io.github.kpatch.elf.SymbolTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The pointers in a module's data. In a file that isn't linked to an address a pointer is eight bytes that a relocation
 * will set; it leads to where the relocation's symbol is, plus the addend.
 */
final class Pointers {
    /** {@code KSYM_NAME_LEN} is 512, with the NUL, since Linux 6.1; it was 128. */
    private static final int MAX_FUNCTION_NAME = 511;

    private final ElfObject elf;
    private final SymbolTable symbols;
    private final int absolute;
    private final Map<Integer, RelocationTable> tables = new HashMap<>();

    Pointers(ElfObject elf, SymbolTable symbols) {
        this.elf = elf;
        this.symbols = symbols;
        this.absolute = elf.header().machine().absolute64();
    }

    ElfObject elf() {
        return elf;
    }

    SymbolTable symbols() {
        return symbols;
    }

    RelocationTable in(ElfSection section) throws MalformedElfException {
        RelocationTable table = tables.get(section.index());
        if (table == null) {
            table = elf.relocationsOf(section);
            tables.put(section.index(), table);
        }
        return table;
    }

    /** Where the pointer at an offset leads; empty if there is none, or if it leads out of the module. */
    Optional<Place> at(ElfSection section, long offset) throws MalformedElfException {
        Optional<ElfRelocation> relocation = in(section).at(offset);
        return relocation.isEmpty() ? Optional.empty() : target(relocation.get());
    }

    Optional<Place> target(ElfRelocation relocation) throws MalformedElfException {
        if (relocation.type() != absolute) {
            return Optional.empty();
        }
        ElfSymbol symbol = symbols.get(relocation.symbol());
        if (symbol.section() == 0) {
            return Optional.empty();
        }
        ElfSection section = elf.section(symbol.section());
        long offset = symbol.value() + relocation.addend();
        return offset < 0 || offset > section.size() ? Optional.empty() : Optional.of(new Place(section, offset));
    }

    String functionName(Place place) throws MalformedElfException {
        return nameAt(place, MAX_FUNCTION_NAME, "the name of a patched function");
    }

    String objectName(Place place) throws MalformedElfException {
        return nameAt(place, ModuleName.MAX_LENGTH, "the name of a patched object");
    }

    /** The text at a place, which must be a name that the kernel could use: printable and not too long. */
    private String nameAt(Place place, int maxLength, String what) throws MalformedElfException {
        String name = elf.stringAt(place.section(), place.offset(), maxLength);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c > '~') {
                throw corrupt(place, what + " is not printable ASCII");
            }
        }
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw corrupt(place, what + " is empty or has a slash");
        }
        return name;
    }

    static MalformedElfException corrupt(Place place, String what) {
        return new MalformedElfException(place.section().offset() + place.offset(), "is corrupt: " + what);
    }
}
