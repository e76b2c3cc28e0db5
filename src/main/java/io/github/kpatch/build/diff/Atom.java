// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The smallest part of an object that is kept or left as a whole: a function, a variable, a string, an entry. */
final class Atom {
    enum Kind {
        /** Code with a name, normally one function with its section to itself. */
        FUNCTION,
        /** A variable or constant with a name, or what lies in a section of data without one. */
        DATA,
        /** A string or constant that the compiler gave no name: the kernel's own cannot be found. */
        LITERAL,
        /** Code without a name that a function or a table refers to, such as the replacement of an alternative. */
        FRAGMENT,
        /** An entry of one of the kernel's tables about its code. */
        ENTRY,
        /** Of no consequence for what the kernel does, or made anew by whoever links the result. */
        IGNORED
    }

    private final Section section;
    private final Kind kind;
    private final long start;
    private final long end;

    /** Those that name it, the best first. */
    private final List<Symbol> symbols;

    private final List<Reference> references = new ArrayList<>();

    Atom(Section section, Kind kind, long start, long end, List<Symbol> symbols) {
        this.section = section;
        this.kind = kind;
        this.start = start;
        this.end = end;
        this.symbols = List.copyOf(symbols);
    }

    Section section() {
        return section;
    }

    Kind kind() {
        return kind;
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    /** Where it begins in its section. */
    long start() {
        return start;
    }

    long end() {
        return end;
    }

    long size() {
        return end - start;
    }

    List<Symbol> symbols() {
        return symbols;
    }

    Optional<Symbol> symbol() {
        return symbols.stream().findFirst();
    }

    /** What to call it in a sentence. */
    String label() {
        return symbol().map(Symbol::name).orElse(section.name());
    }

    /** The name of its section, without its own that compilers add there. */
    String storage() {
        return symbols.stream()
                .map(Symbol::name)
                .filter(name -> section.name().endsWith('.' + name))
                .findFirst()
                .map(name -> section.name().substring(0, section.name().length() - name.length()))
                .orElseGet(() -> SymbolNames.lasting(section.name()));
    }

    /** By rising offset; filled by who takes the object apart. */
    List<Reference> references() {
        return references;
    }

    /** Its bytes; none for a variable that begins as zeros. */
    byte[] bytes() {
        return section.hasContent() ? Arrays.copyOfRange(section.content(), (int) start, (int) end) : new byte[0];
    }

    /** Whether the bytes are those of the other, apart from the offsets in {@code except}. */
    boolean hasBytesOf(Atom other) {
        return size() == other.size()
                && section.hasContent() == other.section.hasContent()
                && (!section.hasContent()
                        || Arrays.equals(
                                section.content(),
                                (int) start,
                                (int) end,
                                other.section.content(),
                                (int) other.start,
                                (int) other.end));
    }

    boolean isWritable() {
        return section.isWritable();
    }

    @Override
    public String toString() {
        return kind + " " + label() + "@" + start;
    }
}
