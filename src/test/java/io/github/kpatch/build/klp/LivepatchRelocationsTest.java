// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.klp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the object diff kept aside is livepatch's in the finished module. */
class LivepatchRelocationsTest {
    private static final int R_X86_64_64 = 1;
    private static final int R_X86_64_PLT32 = 4;
    private static final String STRINGS = ".klp.sym.vmlinux.secret,2\0vmlinux\0";

    private final RelocatableObject module = new RelocatableObject(62, 0);
    private final Section text = add(".text.f", ElfSection.SHF_ALLOC | ElfSection.SHF_EXECINSTR, new byte[16]);
    private final Section strings =
            add(".kpatch.strings", ElfSection.SHF_ALLOC, STRINGS.getBytes(StandardCharsets.US_ASCII));

    private Section add(String name, long flags, byte[] content) {
        Section section = new Section(name, ElfSection.SHT_PROGBITS, flags, 1, 0, content);
        module.sections().add(section);
        module.symbols().add(Symbol.of(section));
        return section;
    }

    private Symbol symbolOf(Section section) {
        return module.symbols().stream()
                .filter(symbol -> symbol.section().filter(s -> s == section).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private Section entry(long place, int size) {
        ByteBuffer content = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(24, -4);
        content.putLong(32, R_X86_64_PLT32);
        Section entries = add(".kpatch.relocs", ElfSection.SHF_ALLOC, content.array());
        entries.relocations().add(new Relocation(0, R_X86_64_64, symbolOf(text), place));
        entries.relocations().add(new Relocation(8, R_X86_64_64, symbolOf(strings), 0));
        entries.relocations().add(new Relocation(16, R_X86_64_64, symbolOf(strings), STRINGS.indexOf("vmlinux\0", 10)));
        return entries;
    }

    @Test
    void anEntryBecomesARelocationOfLivepatchs() throws MalformedElfException {
        entry(5, 40);

        LivepatchRelocations.convert(module);

        ElfObject elf = ElfObject.parse(module.toBytes());
        ElfSection relocations = elf.sectionNamed(".klp.rela.vmlinux..text.f").orElseThrow();
        assertEquals(ElfSection.SHT_RELA, relocations.type());
        assertEquals(0x00100000, relocations.flags() & ElfSection.SHF_MASKOS);
        assertTrue(relocations.isAllocated());
        assertEquals(elf.sectionNamed(".text.f").orElseThrow().index(), relocations.info());
        assertEquals(5, elf.u64At(relocations, 0));
        assertEquals(-4, elf.u64At(relocations, 16));
        assertFalse(elf.sectionNamed(".kpatch.relocs").isPresent());
    }

    @Test
    void itsSymbolIsMarkedAsLivepatchs() throws MalformedElfException {
        entry(5, 40);

        LivepatchRelocations.convert(module);

        Symbol symbol = module.symbols().get(module.symbols().size() - 1);
        assertEquals(".klp.sym.vmlinux.secret,2", symbol.name());
        assertEquals(0xff20, symbol.reserved());
    }

    @Test
    void anEntryThatPointsNowhereIsRefused() {
        entry(16, 40);

        MalformedElfException e = assertThrows(MalformedElfException.class, () -> LivepatchRelocations.convert(module));
        assertEquals("is corrupt: section .kpatch.relocs points outside of .text.f", e.getMessage());
    }

    @Test
    void halfAnEntryIsRefused() {
        entry(5, 48);

        assertThrows(MalformedElfException.class, () -> LivepatchRelocations.convert(module));
    }
}
