// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.MalformedElfException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All symbols of what an object file was linked into: the kernel, or one module. */
public final class ParentSymbols {
    private final SymbolList symbols;
    private final NameIndex index;
    private final boolean kernel;

    private ParentSymbols(SymbolList symbols, boolean kernel) {
        this.symbols = symbols;
        this.index = new NameIndex(symbols);
        this.kernel = kernel;
    }

    static ParentSymbols ofKernel(SymbolList symbols) {
        return new ParentSymbols(symbols.withVariables(), true);
    }

    /** Those of a module, from its file, which is not compressed any more. */
    public static ParentSymbols ofModule(byte[] module) throws NoSymbolsException {
        try {
            return new ParentSymbols(ElfSymbols.read(ElfObject.parse(module), false), false);
        } catch (MalformedElfException e) {
            throw new NoSymbolsException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Those that {@code readelf --symbols --wide} has printed.
     *
     * @param kernel whether it was printed of the kernel, else of a module
     */
    public static ParentSymbols ofReadelf(String text, boolean kernel) throws NoSymbolsException {
        return new ParentSymbols(ReadelfText.read(text, kernel), kernel);
    }

    /**
     * Finds where an object file lies in here.
     *
     * @param defined the symbols that it defines
     * @param fileName its source file, as its FILE symbol names it
     */
    public ObjectSymbols of(List<ObjectSymbol> defined, Optional<String> fileName) {
        List<Whereabouts> evidence = new ArrayList<>();
        fileName.flatMap(name -> FileGroup.find(symbols, index, defined, name)).ifPresent(evidence::add);
        if (!kernel) {
            evidence.add(Neighbourhood.byTable(symbols, index, defined));
        }
        evidence.add(Neighbourhood.byAddress(symbols, index, defined));
        return new ObjectSymbols(symbols, index, defined, evidence);
    }

    /** How many there are. */
    public int size() {
        return symbols.size();
    }

    /** The names of all of them, in the order in which the kernel counts. */
    public Stream<String> names() {
        return IntStream.range(0, symbols.size()).mapToObj(symbols::name);
    }
}
