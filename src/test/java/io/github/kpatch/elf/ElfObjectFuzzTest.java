// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes there are: an object is read, or is refused by the package's own exception. */
class ElfObjectFuzzTest {
    private static final int LONGEST_NAME = 500;

    @MethodSource("io.github.kpatch.testing.Seeds#modules")
    @FuzzTest
    void everythingInAnObjectIsReadOrRefused(byte[] content) {
        try {
            ElfObject elf = ElfObject.parse(content);
            readSections(elf);
            readSymbols(elf);
        } catch (MalformedElfException expected) {
            assertTrue(String.valueOf(expected.getMessage()).startsWith("is "), expected.getMessage());
        }
    }

    private static void readSections(ElfObject elf) throws MalformedElfException {
        for (int i = 0; i < elf.sectionCount(); i++) {
            ElfSection section = elf.section(i);
            String name = elf.nameOf(section, LONGEST_NAME);
            boolean isText = name.indexOf('\ufffd') < 0;
            assertTrue(
                    i == 0
                            || name.isEmpty()
                            || !isText
                            || elf.sectionNamed(name).isPresent(),
                    name);
            assertEquals(section.hasContent() ? section.size() : 0, elf.contentOf(section).length);
            readRelocations(elf.relocationsOf(section), section);
        }
    }

    private static void readRelocations(RelocationTable relocations, ElfSection section) throws MalformedElfException {
        long before = 0;
        for (int i = 0; i < relocations.size(); i++) {
            long offset = relocations.get(i).offset();
            assertTrue(offset >= before && offset < section.size());
            assertEquals(offset, relocations.at(offset).orElseThrow().offset());
            before = offset;
        }
    }

    private static void readSymbols(ElfObject elf) throws MalformedElfException {
        Optional<SymbolTable> symbols = elf.symbols();
        for (int i = 0; symbols.isPresent() && i < symbols.get().size(); i++) {
            ElfSymbol symbol = symbols.get().get(i);
            symbols.get().nameOf(symbol, LONGEST_NAME);
            elf.section(symbol.section());
        }
    }
}
