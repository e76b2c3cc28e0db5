// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.diff.Parent;
import io.github.kpatch.build.diff.Parent.Place;
import io.github.kpatch.build.symbols.ObjectSymbol;
import io.github.kpatch.build.symbols.ObjectSymbols;
import io.github.kpatch.build.symbols.ParentSymbols;
import io.github.kpatch.build.symbols.Position;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.List;
import java.util.Optional;

/** Where the symbols of one object are in what it is part of. */
final class SymbolPlaces implements Parent.Symbols {
    private final ObjectSymbols symbols;

    private SymbolPlaces(ObjectSymbols symbols) {
        this.symbols = symbols;
    }

    static SymbolPlaces of(RelocatableObject original, ParentSymbols parent) {
        List<ObjectSymbol> defined = original.symbols().stream()
                .filter(symbol -> symbol.section().isPresent() && !symbol.isSection())
                .map(SymbolPlaces::describe)
                .toList();
        Optional<String> file = original.symbols().stream()
                .filter(symbol -> symbol.type() == Symbol.STT_FILE)
                .map(Symbol::name)
                .findFirst();
        return new SymbolPlaces(parent.of(defined, file));
    }

    private static ObjectSymbol describe(Symbol symbol) {
        return new ObjectSymbol(
                symbol.name(),
                symbol.isLocal(),
                symbol.isFunction(),
                symbol.size(),
                symbol.section().map(Section::name).orElse(""));
    }

    @Override
    public Place place(String name, boolean local) {
        Position position = symbols.position(name, local);
        if (position instanceof Position.At at) {
            return new Place(1, at.sympos());
        }
        return position instanceof Position.Ambiguous many ? new Place(many.candidates(), 0) : Place.ABSENT;
    }

    @Override
    public boolean isOverridden(String name) {
        return symbols.isOverridden(name);
    }
}
