// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which source file each local symbol of an object is from: the one whose FILE symbol it is behind (gABI, "Symbol Table"). */
public final class SourceFiles {
    /**
     * A source file. Several may have the same name.
     *
     * @param number counts those of the name, from 0
     */
    public record SourceFile(String name, int number) {}

    private final List<SourceFile> all = new ArrayList<>();
    private final Map<Symbol, SourceFile> bySymbol = new HashMap<>();

    private SourceFiles() {}

    public static SourceFiles of(RelocatableObject object) {
        SourceFiles files = new SourceFiles();
        for (Symbol symbol : object.symbols()) {
            if (symbol.type() == Symbol.STT_FILE) {
                files.add(symbol.name());
            } else if (symbol.isLocal() && !files.all.isEmpty()) {
                files.bySymbol.put(symbol, files.all.get(files.all.size() - 1));
            }
        }
        return files;
    }

    private void add(String name) {
        long same = all.stream().filter(file -> file.name().equals(name)).count();
        all.add(new SourceFile(name, (int) same));
    }

    /** In the order of the object. */
    public List<SourceFile> all() {
        return all;
    }

    /** Whose symbol it is; nothing for global symbols, and those of no file. */
    public Optional<SourceFile> of(Symbol symbol) {
        return Optional.ofNullable(bySymbol.get(symbol));
    }
}
