// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.elf.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.testing.CompiledPair;
import io.github.kpatch.testing.ElfBuilder;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects that are read, changed and written. */
class RelocatableObjectTest {
    private static final String SOURCE = """
            extern int secret(int value);
            static int count;
            int table[3] = {1, 2, 3};
            static int twice(int x) { return secret(x) * 2; }
            int f(int x) { count += table[x & 1]; return twice(x) + count; }
            int (*pointer)(int) = f;
            """;

    private final Path directory;

    RelocatableObjectTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anObjectIsWrittenAsItWasRead() throws MalformedElfException, IOException, InterruptedException {
        RelocatableObject read = CompiledPair.of(directory, "gcc", SOURCE).original();

        RelocatableObject again = RelocatableObject.parse(read.toBytes());

        assertEquals(describe(read), describe(again));
        assertEquals(List.of(), readelf(read.toBytes()));
    }

    /** What another reader of ELF files has to complain of. */
    private List<String> readelf(byte[] content) throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("written.o"), content);
        Process process = new ProcessBuilder("readelf", "--all", "--wide", file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String complaints = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), complaints);
        return complaints.lines().toList();
    }

    private static List<String> describe(RelocatableObject object) {
        Stream<String> sections = object.sections().stream()
                .map(section -> section + " " + section.type() + " " + section.flags() + " " + section.size() + " "
                        + section.relocations().stream()
                                .map(r -> r.offset() + ":" + r.type() + ":" + r.symbol() + "+" + r.addend())
                                .toList());
        Stream<String> symbols = object.symbols().stream()
                .map(symbol -> symbol + " " + symbol.binding() + " " + symbol.type() + " " + symbol.value() + " "
                        + symbol.section());
        return Stream.concat(sections, symbols.sorted()).toList();
    }

    @Test
    void aSymbolThatIsAddedIsThere() throws MalformedElfException {
        RelocatableObject object = RelocatableObject.parse(
                new ElfBuilder().section(".data", ElfBuilder.ALLOC, new byte[8]).bytes());
        object.symbols().add(Symbol.object("added", object.sections().get(0), 4, 4));

        RelocatableObject again = RelocatableObject.parse(object.toBytes());

        Symbol added = again.symbols().get(again.symbols().size() - 1);
        assertEquals("added", added.name());
        assertEquals(4, added.value());
        assertEquals(".data", added.section().orElseThrow().name());
    }

    @Test
    void manySectionsHaveTheirNumbersAllTheSame() throws MalformedElfException, IOException, InterruptedException {
        RelocatableObject object = new RelocatableObject(62, 0);
        for (int i = 0; i < 70_000; i++) {
            Section section = new Section(".data." + i, ElfSection.SHT_PROGBITS, ElfBuilder.ALLOC, 1, 0, new byte[1]);
            object.sections().add(section);
            object.symbols().add(Symbol.object("s" + i, section, 0, 1));
        }

        RelocatableObject again = RelocatableObject.parse(object.toBytes());

        assertEquals(70_000, again.sections().size());
        assertTrue(again.symbols().stream()
                .allMatch(symbol -> symbol.section()
                        .orElseThrow()
                        .name()
                        .equals(".data." + symbol.name().substring(1))));
        assertEquals(List.of(), readelf(object.toBytes()));
    }

    @Test
    void anObjectOfTheOtherByteOrderIsRefused() {
        byte[] big = new ElfBuilder().byteOrder(ByteOrder.BIG_ENDIAN).bytes();

        assertThrows(MalformedElfException.class, () -> RelocatableObject.parse(big));
    }
}
