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
import io.github.kpatch.elf.edit.SourceFiles;
import io.github.kpatch.elf.edit.SourceFiles.SourceFile;
import io.github.kpatch.elf.edit.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the symbols of one object are in what it is part of; of one that was linked of several, file by file. */
final class SymbolPlaces implements Parent.Symbols {
    private final ParentSymbols parent;
    private final List<Symbol> defined;
    private final SourceFiles files;
    private final Map<Optional<SourceFile>, ObjectSymbols> byFile = new HashMap<>();

    private SymbolPlaces(RelocatableObject original, ParentSymbols parent) {
        this.parent = parent;
        this.files = SourceFiles.of(original);
        this.defined = original.symbols().stream()
                .filter(symbol -> symbol.section().isPresent() && !symbol.isSection())
                .toList();
    }

    static SymbolPlaces of(RelocatableObject original, ParentSymbols parent) {
        return new SymbolPlaces(original, parent);
    }

    private ObjectSymbols symbolsOf(Symbol symbol) {
        Optional<SourceFile> first = files.all().stream().findFirst();
        Optional<SourceFile> file = files.of(symbol).or(() -> first);
        return byFile.computeIfAbsent(file, f -> parent.of(definedIn(file), file.map(SourceFile::name)));
    }

    private List<ObjectSymbol> definedIn(Optional<SourceFile> file) {
        return defined.stream()
                .filter(symbol -> files.all().size() < 2
                        || !symbol.isLocal()
                        || files.of(symbol).equals(file))
                .map(SymbolPlaces::describe)
                .toList();
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
    public Place place(Symbol symbol) {
        Position position = symbolsOf(symbol).position(symbol.name(), symbol.isLocal());
        if (position instanceof Position.At at) {
            return new Place(1, at.sympos());
        }
        return position instanceof Position.Ambiguous many ? new Place(many.candidates(), 0) : Place.ABSENT;
    }

    @Override
    public boolean isOverridden(Symbol symbol) {
        return symbolsOf(symbol).isOverridden(symbol.name());
    }
}
