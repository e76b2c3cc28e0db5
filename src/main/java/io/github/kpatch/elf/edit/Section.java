// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import io.github.kpatch.elf.ElfSection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A section of an object, without those that the writer makes: symbols, strings and ordinary relocations. */
public final class Section {
    /** Of a relocatable section that the linker must keep in the order of another (gABI, {@code SHF_LINK_ORDER}). */
    public static final long SHF_LINK_ORDER = 0x80;

    public static final long SHF_MERGE = 0x10;
    public static final long SHF_STRINGS = 0x20;

    private final String name;
    private final int type;
    private final long flags;
    private final long alignment;
    private final long entrySize;
    private final byte[] content;
    private final long size;
    private @Nullable Section link;
    private final List<Relocation> relocations = new ArrayList<>();

    /** A section with bytes of its own, which are not copied. */
    public Section(String name, int type, long flags, long alignment, long entrySize, byte[] content) {
        this(name, type, flags, alignment, entrySize, content, content.length);
    }

    private Section(String name, int type, long flags, long alignment, long entrySize, byte[] content, long size) {
        this.name = name;
        this.type = type;
        this.flags = flags;
        this.alignment = Math.max(1, alignment);
        this.entrySize = entrySize;
        this.content = content;
        this.size = size;
    }

    /** A section that is only memory, {@code SHT_NOBITS}. */
    public static Section empty(String name, long flags, long alignment, long size) {
        return new Section(name, ElfSection.SHT_NOBITS, flags, alignment, 0, new byte[0], size);
    }

    public String name() {
        return name;
    }

    public int type() {
        return type;
    }

    public long flags() {
        return flags;
    }

    public long alignment() {
        return alignment;
    }

    public long entrySize() {
        return entrySize;
    }

    /** The bytes in the file, none for {@code SHT_NOBITS}: the array itself, not a copy. */
    public byte[] content() {
        return content;
    }

    public long size() {
        return hasContent() ? content.length : size;
    }

    public boolean hasContent() {
        return type != ElfSection.SHT_NOBITS;
    }

    public boolean isAllocated() {
        return has(ElfSection.SHF_ALLOC);
    }

    public boolean isWritable() {
        return has(ElfSection.SHF_WRITE);
    }

    public boolean isExecutable() {
        return has(ElfSection.SHF_EXECINSTR);
    }

    public boolean has(long flag) {
        return (flags & flag) != 0;
    }

    /** The section that {@code sh_link} names, where it is one that the writer does not make. */
    public Optional<Section> link() {
        return Optional.ofNullable(link);
    }

    public void link(Section other) {
        this.link = other;
    }

    /** By rising offset; the list itself, to be changed. */
    public List<Relocation> relocations() {
        return relocations;
    }

    @Override
    public String toString() {
        return name;
    }
}
