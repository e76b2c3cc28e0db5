// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import io.github.kpatch.elf.ElfSymbol;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A symbol: in a section, absolute or wanted from elsewhere. Two symbols are the same only if they are one object. */
public final class Symbol {
    public static final int STB_LOCAL = 0;
    public static final int STB_GLOBAL = 1;
    public static final int STT_NOTYPE = 0;
    public static final int STT_FILE = 4;
    public static final int SHN_ABS = 0xfff1;
    public static final int SHN_COMMON = 0xfff2;

    private final String name;
    private final int binding;
    private final int type;
    private final int other;
    private final @Nullable Section section;
    private final int reserved;
    private final long value;
    private final long size;

    private Symbol(
            String name,
            int binding,
            int type,
            int other,
            @Nullable Section section,
            int reserved,
            long value,
            long size) {
        this.name = name;
        this.binding = binding;
        this.type = type;
        this.other = other;
        this.section = section;
        this.reserved = reserved;
        this.value = value;
        this.size = size;
    }

    static Symbol read(String name, ElfSymbol symbol, @Nullable Section section) {
        return new Symbol(
                name,
                symbol.binding(),
                symbol.type(),
                symbol.other(),
                section,
                symbol.reserved(),
                symbol.value(),
                symbol.size());
    }

    /** The symbol that stands for a whole section. */
    public static Symbol of(Section section) {
        return new Symbol("", STB_LOCAL, ElfSymbol.STT_SECTION, 0, section, 0, 0, 0);
    }

    /** A global object in a section. */
    public static Symbol object(String name, Section section, long value, long size) {
        return new Symbol(name, STB_GLOBAL, ElfSymbol.STT_OBJECT, 0, section, 0, value, size);
    }

    /** One that another object has to provide. */
    public static Symbol undefined(String name, int binding) {
        return new Symbol(name, binding, STT_NOTYPE, 0, null, 0, 0, 0);
    }

    /** One whose place in the symbol table says what it is, {@code st_shndx} being one of the reserved numbers. */
    public static Symbol reserved(String name, int binding, int type, int number) {
        return new Symbol(name, binding, type, 0, null, number, 0, 0);
    }

    /** The same symbol at another place. */
    public Symbol at(Section place, long offset) {
        return new Symbol(name, binding, type, other, place, 0, offset, size);
    }

    public String name() {
        return name;
    }

    public int binding() {
        return binding;
    }

    public int type() {
        return type;
    }

    int other() {
        return other;
    }

    public Optional<Section> section() {
        return Optional.ofNullable(section);
    }

    /** {@code st_shndx} where it is one of the reserved numbers, else 0. */
    public int reserved() {
        return reserved;
    }

    public long value() {
        return value;
    }

    public long size() {
        return size;
    }

    public boolean isUndefined() {
        return section == null && reserved == 0;
    }

    public boolean isLocal() {
        return binding == STB_LOCAL;
    }

    public boolean isWeak() {
        return binding == ElfSymbol.STB_WEAK;
    }

    public boolean isFunction() {
        return type == ElfSymbol.STT_FUNC;
    }

    public boolean isSection() {
        return type == ElfSymbol.STT_SECTION;
    }

    @Override
    public String toString() {
        return isSection() ? section().map(Section::name).orElse("?") : name;
    }
}
