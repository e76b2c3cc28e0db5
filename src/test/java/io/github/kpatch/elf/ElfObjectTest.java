// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.ElfBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElfObjectTest {
    private static final byte[] TEXT = "one\0two\0".getBytes(StandardCharsets.US_ASCII);

    private static ElfBuilder sample() {
        return new ElfBuilder()
                .section(".data", ElfBuilder.ALLOC | ElfBuilder.WRITE, TEXT)
                .sectionSymbol(".data")
                .symbol("thing", ElfSymbol.STT_OBJECT, ".data", 4, 3)
                .undefined("elsewhere")
                .relocation(".data", 4, 1, "thing", -2)
                .relocation(".data", 0, 1, "elsewhere", 0);
    }

    private static String reason(byte[] content) {
        return String.valueOf(assertThrows(MalformedElfException.class, () -> ElfObject.parse(content))
                .getMessage());
    }

    private static ByteBuffer headerOf(byte[] content) {
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int sectionHeader(byte[] content, int index) {
        return (int) headerOf(content).getLong(40) + 64 * index;
    }

    @ParameterizedTest
    @CsvSource({"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void sectionsSymbolsAndRelocationsAreReadInBothByteOrders(String name) throws Exception {
        ByteOrder order = name.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ElfObject elf = ElfObject.parse(sample().byteOrder(order).machine(22).bytes());

        assertEquals(order, elf.header().byteOrder());
        assertEquals("s390x", elf.header().machine().label());
        ElfSection data = elf.sectionNamed(".data").orElseThrow();
        assertArrayEquals(TEXT, elf.contentOf(data));
        assertEquals("two", elf.stringAt(data, 4, 10));
        SymbolTable symbols = elf.symbols().orElseThrow();
        ElfSymbol thing = symbols.get(2);
        assertEquals("thing", symbols.nameOf(thing, 10));
        assertEquals(data.index(), thing.section());
        assertTrue(symbols.needs("elsewhere"));
        assertFalse(symbols.needs("thing"));
        assertEquals(
                new ElfRelocation(4, 2, 1, -2), elf.relocationsOf(data).at(4).orElseThrow());
    }

    @Test
    void relocationsComeByRisingOffset() throws Exception {
        ElfObject elf = ElfObject.parse(sample().bytes());
        RelocationTable table = elf.relocationsOf(elf.sectionNamed(".data").orElseThrow());
        assertEquals(2, table.size());
        assertEquals(0, table.get(0).offset());
        assertEquals(4, table.get(1).offset());
        assertEquals(1, table.firstFrom(1));
        assertTrue(table.at(1).isEmpty());
    }

    @Test
    void whatIsNotElfIsToldApart() {
        assertEquals("is not an ELF file", reason(new byte[0]));
        assertEquals("is not an ELF file", reason("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII)));
        byte[] narrow = sample().bytes();
        narrow[4] = 1;
        assertEquals("is a 32-bit ELF file", reason(narrow));
        byte[] odd = sample().bytes();
        odd[5] = 3;
        assertEquals("is corrupt: its byte order is neither little nor big endian", reason(odd));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = sample().bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(MalformedElfException.class, () -> ElfObject.parse(part), "length " + length);
        }
    }

    @Test
    void aNumberOfSectionsBeyondTheFileIsRefusedWithoutRoomForThem() {
        byte[] content = sample().bytes();
        headerOf(content).putShort(60, (short) 0).putLong(sectionHeader(content, 0) + 32, Long.MAX_VALUE);
        assertTrue(reason(content).startsWith("is truncated or corrupt"));
    }

    @Test
    void theExtensionForManySectionsIsUnderstood() throws Exception {
        byte[] content = sample().bytes();
        ByteBuffer header = headerOf(content);
        int names = header.getShort(62);
        int count = header.getShort(60);
        header.putShort(60, (short) 0).putShort(62, (short) 0xffff);
        header.putLong(sectionHeader(content, 0) + 32, count).putInt(sectionHeader(content, 0) + 40, names);
        assertEquals(count, ElfObject.parse(content).sectionCount());
        assertTrue(ElfObject.parse(content).sectionNamed(".data").isPresent());
    }

    @ParameterizedTest
    @CsvSource({"24,-1", "24,9223372036854775807", "32,-1", "32,9223372036854775807", "32,1000000"})
    void aSectionBeyondTheFileIsRefused(int field, long value) {
        byte[] content = sample().bytes();
        headerOf(content).putLong(sectionHeader(content, 1) + field, value);
        assertTrue(reason(content).startsWith("is truncated or corrupt: section 1 at byte"));
    }

    @Test
    void sectionsOnTopOfEachOtherAreRefused() {
        byte[] content = sample().bytes();
        for (int i = 1; i < 4; i++) {
            headerOf(content)
                    .putLong(sectionHeader(content, i) + 24, 0)
                    .putLong(sectionHeader(content, i) + 32, content.length);
        }
        assertEquals("is corrupt: its sections overlap", reason(content));
    }

    @Test
    void theSizeOfASectionWithoutContentMayBeAnything() throws Exception {
        ElfObject elf = ElfObject.parse(
                new ElfBuilder().empty(".bss", ElfBuilder.ALLOC, Long.MAX_VALUE).bytes());
        ElfSection bss = elf.sectionNamed(".bss").orElseThrow();
        assertEquals(0, elf.contentOf(bss).length);
        assertThrows(MalformedElfException.class, () -> elf.u64At(bss, 0));
    }

    @Test
    void stringsEndInsideTheirSection() throws Exception {
        ElfObject elf = ElfObject.parse(new ElfBuilder()
                .section(".a", 0, "abc".getBytes(StandardCharsets.US_ASCII))
                .bytes());
        ElfSection section = elf.sectionNamed(".a").orElseThrow();
        assertThrows(MalformedElfException.class, () -> elf.stringAt(section, 0, 100));
        assertThrows(MalformedElfException.class, () -> elf.stringAt(section, -1, 100));
        assertThrows(MalformedElfException.class, () -> elf.stringAt(section, 3, 100));
    }

    @Test
    void symbolsBeyondTheTableOrInNoSectionAreRefused() throws Exception {
        byte[] content = sample().bytes();
        SymbolTable symbols = ElfObject.parse(content).symbols().orElseThrow();
        assertThrows(MalformedElfException.class, () -> symbols.get(symbols.size()));
        assertThrows(MalformedElfException.class, () -> symbols.get(0xffffffffL));
        int table = (int) headerOf(content).getLong(sectionHeader(content, symbols.sectionIndex()) + 24);
        headerOf(content).putShort(table + 2 * 24 + 6, (short) 0x7000);
        assertThrows(MalformedElfException.class, () -> symbols.get(2));
        headerOf(content).putShort(table + 2 * 24 + 6, (short) 0xfff1);
        assertEquals(0xfff1, symbols.get(2).reserved());
        headerOf(content).putShort(table + 2 * 24 + 6, (short) 0xffff);
        assertThrows(MalformedElfException.class, () -> symbols.get(2));
    }

    @Test
    void relocationsOutsideOfTheirSectionAreRefused() throws Exception {
        ElfObject elf =
                ElfObject.parse(sample().relocation(".data", 8, 1, "thing", 0).bytes());
        ElfSection data = elf.sectionNamed(".data").orElseThrow();
        assertThrows(MalformedElfException.class, () -> elf.relocationsOf(data));
    }

    @Test
    void manySectionsWithOneHugeNameCostNoMoreThanTheirNumber() {
        ElfBuilder builder = new ElfBuilder().section("x".repeat(1 << 20), 0, new byte[0]);
        for (int i = 0; i < 20_000; i++) {
            builder.section("y", 0, new byte[0]);
        }
        byte[] content = builder.bytes();
        for (int i = 1; i < 20_000; i++) {
            headerOf(content).putInt(sectionHeader(content, i), 1);
        }
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            ElfObject elf = ElfObject.parse(content);
            for (int i = 0; i < 50; i++) {
                assertTrue(elf.sectionNamed("x".repeat(100)).isEmpty());
            }
        });
    }
}
