// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.klp;

import io.github.kpatch.build.diff.KpatchSections;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.RelocationSection;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the entries of {@code .kpatch.relocs} into what livepatch understands (Documentation/livepatch/
 * module-elf-format.rst): symbols {@code .klp.sym.OBJECT.NAME,SYMPOS} and, for each patched object and section, a section
 * of relocations {@code .klp.rela.OBJECT.SECTION}.
 */
public final class LivepatchRelocations {
    /** Of a section of relocations that the module loader leaves to livepatch ({@code include/uapi/linux/elf.h}). */
    private static final long SHF_RELA_LIVEPATCH = 0x00100000;

    /** Of a symbol that the module loader leaves to livepatch. */
    private static final int SHN_LIVEPATCH = 0xff20;

    private static final int PLACE = 0;
    private static final int SYMBOL = 8;
    private static final int OBJECT = 16;
    private static final int ADDEND = 24;
    private static final int TYPE = 32;

    /** Which section of relocations one belongs to. */
    private record Group(String object, Section target) {}

    /** Where a pointer leads. */
    private record Pointer(Section section, long offset) {}

    private final RelocatableObject module;
    private final Section entries;
    private final Map<Long, Relocation> pointers = new HashMap<>();
    private final Map<String, Symbol> symbols = new HashMap<>();
    private final Map<Group, List<Relocation>> groups = new LinkedHashMap<>();

    private LivepatchRelocations(RelocatableObject module, Section entries) {
        this.module = module;
        this.entries = entries;
        entries.relocations().forEach(relocation -> pointers.put(relocation.offset(), relocation));
    }

    /**
     * Changes a linked module, which then has no {@code .kpatch.relocs} any more.
     *
     * @throws MalformedElfException if the entries are not as the object diff makes them
     */
    public static void convert(RelocatableObject module) throws MalformedElfException {
        for (Section section : List.copyOf(module.sections())) {
            if (section.name().equals(KpatchSections.RELOCATIONS)) {
                new LivepatchRelocations(module, section).convert();
            }
        }
    }

    private void convert() throws MalformedElfException {
        if (entries.size() % KpatchSections.RELOCATION_SIZE != 0) {
            throw corrupt(0, "has entries of a strange size");
        }
        for (long at = 0; at < entries.size(); at += KpatchSections.RELOCATION_SIZE) {
            convert(at);
        }
        groups.forEach((group, relocations) -> module.moreRelocations()
                .add(new RelocationSection(
                        ".klp.rela." + group.object() + '.' + group.target().name(),
                        ElfSection.SHF_ALLOC | SHF_RELA_LIVEPATCH,
                        group.target(),
                        relocations)));
        module.sections().remove(entries);
        module.symbols()
                .removeIf(symbol -> symbol.section().filter(s -> s == entries).isPresent());
    }

    private void convert(long at) throws MalformedElfException {
        ByteBuffer content = ByteBuffer.wrap(entries.content()).order(ByteOrder.LITTLE_ENDIAN);
        Pointer place = pointer(at + PLACE);
        Symbol symbol = symbols.computeIfAbsent(string(at + SYMBOL), this::add);
        groups.computeIfAbsent(new Group(string(at + OBJECT), place.section()), group -> new ArrayList<>())
                .add(new Relocation(
                        place.offset(),
                        (int) content.getLong((int) at + TYPE),
                        symbol,
                        content.getLong((int) at + ADDEND)));
    }

    private Symbol add(String name) {
        Symbol symbol = Symbol.reserved(name, Symbol.STB_GLOBAL, Symbol.STT_NOTYPE, SHN_LIVEPATCH);
        module.symbols().add(symbol);
        return symbol;
    }

    private Pointer pointer(long offset) throws MalformedElfException {
        Relocation relocation = pointers.get(offset);
        if (relocation == null || relocation.symbol().section().isEmpty()) {
            throw corrupt(offset, "has an entry without a pointer");
        }
        Section section = relocation.symbol().section().get();
        long target = relocation.symbol().value() + relocation.addend();
        if (target < 0 || target >= section.size()) {
            throw corrupt(offset, "points outside of " + section);
        }
        return new Pointer(section, target);
    }

    private String string(long offset) throws MalformedElfException {
        Pointer start = pointer(offset);
        byte[] content = start.section().content();
        int end = (int) start.offset();
        while (end < content.length && content[end] != 0) {
            end++;
        }
        return new String(content, (int) start.offset(), end - (int) start.offset(), StandardCharsets.UTF_8);
    }

    private MalformedElfException corrupt(long offset, String what) {
        return new MalformedElfException(offset, "is corrupt: section " + entries + ' ' + what);
    }
}
