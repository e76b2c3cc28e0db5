// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfRelocation;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.RelocationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds what {@code readelf -SsrW} prints of several files against our reading of them, line by line as it comes. Every
 * line has to be understood, and every section, symbol and relocation of ours has to be among them.
 */
final class ReadelfComparison {
    private static final Pattern FILE = Pattern.compile("File: (.*)");
    private static final Pattern SECTIONS =
            Pattern.compile("There are ([0-9]+) section headers, starting at offset 0x([0-9a-f]+):");
    private static final Pattern RELOCATIONS =
            Pattern.compile("Relocation section '(.*)' at offset 0x([0-9a-f]+) contains ([0-9]+) entr(?:y|ies):");
    private static final Pattern SYMBOLS = Pattern.compile("Symbol table '(.*)' contains ([0-9]+) entr(?:y|ies):");
    private static final Pattern HEADING = Pattern.compile(
            "Section Headers:|  \\[Nr\\] Name .*|Key to Flags:|  [WLCD] \\(.*|    Offset  .*|   Num: .*");

    private final Path directory;
    private final Differences differences;

    /** The present file, what was printed of it so far, and its relocations: all of the section that they are of. */
    private Optional<ReadelfWords> reading = Optional.empty();

    private int sections;
    private int symbols;
    private int relocationSections;
    private Optional<ElfSection> relocated = Optional.empty();
    private final List<String> relocations = new ArrayList<>();

    /** @param directory that the files' names are below */
    ReadelfComparison(Path directory, Differences differences) {
        this.directory = directory;
        this.differences = differences;
    }

    void line(String line) throws IOException, MalformedElfException {
        if (line.isEmpty()) {
            endRelocations();
        } else if (relocated.isPresent() && line.charAt(0) != ' ') {
            relocations.add(line);
        } else if (line.startsWith("  [") && !line.startsWith("  [Nr]")) {
            section(line);
        } else if (line.startsWith(": ", 6) && Character.isDigit(line.charAt(5))) {
            symbol(line);
        } else {
            heading(line);
        }
    }

    private void heading(String line) throws IOException, MalformedElfException {
        Matcher matcher = FILE.matcher(line);
        if (matcher.matches()) {
            begin(matcher.group(1));
        } else if (matcher.usePattern(SECTIONS).matches()) {
            differences.hold("number", "sections", 0, ours().elf().sectionCount(), Long.parseLong(matcher.group(1)));
            long offset = Long.parseLong(matcher.group(2), 16);
            differences.hold("offset", "sections", 0, ours().elf().header().sectionHeaders(), offset);
        } else if (matcher.usePattern(RELOCATIONS).matches()) {
            beginRelocations(matcher.toMatchResult());
        } else if (matcher.usePattern(SYMBOLS).matches()) {
            differences.hold("number", "symbols", 0, ours().symbols().size(), Long.parseLong(matcher.group(2)));
        } else if (!matcher.usePattern(HEADING).matches()) {
            throw new IOException("a line of readelf's that is not understood: " + line);
        }
    }

    private ReadelfWords ours() {
        return reading.orElseThrow();
    }

    private void begin(String file) throws IOException, MalformedElfException {
        end();
        differences.in(file);
        reading = Optional.of(ReadelfWords.of(Files.readAllBytes(directory.resolve(file))));
        sections = 0;
        symbols = 0;
        relocationSections = 0;
    }

    /** What is printed is complete; call it after the last line as well. */
    void end() throws MalformedElfException {
        endRelocations();
        if (reading.isEmpty()) {
            return;
        }
        int ours = 0;
        for (int i = 0; i < ours().elf().sectionCount(); i++) {
            ours += ours().elf().relocationsOf(ours().elf().section(i)).size() > 0 ? 1 : 0;
        }
        differences.hold("number", "sections that are relocated", 0, ours, relocationSections);
        differences.hold("number", "sections shown", 0, ours().elf().sectionCount(), sections);
        differences.hold("number", "symbols shown", 0, ours().symbols().size(), symbols);
    }

    /** {@code [Nr] Name Type Address Off Size ES Flg Lk Inf Al}, of which name and flags may be empty. */
    private void section(String line) throws MalformedElfException {
        int end = line.indexOf(']');
        long number = Long.parseLong(line.substring(3, end).strip());
        ElfSection ours = ours().elf().section(number);
        String[] words = line.substring(end + 1).strip().split(" +", -1);
        int type = number == 0 ? 0 : 1;
        int last = words.length - 1;
        String flags = last == type + 8 ? words[type + 5] : "";
        hold("section", number, "name", ours().name(ours), type == 0 ? "" : words[0]);
        hold("section", number, "type", ours().type(ours), words[type]);
        hold("section", number, "flags", ours().flags(ours), flags);
        differences.hold("address", "section", number, ours.address(), hex(words[type + 1]));
        differences.hold("offset", "section", number, ours.offset(), hex(words[type + 2]));
        differences.hold("size", "section", number, ours.size(), hex(words[type + 3]));
        differences.hold("entry size", "section", number, ours.entrySize(), hex(words[type + 4]));
        differences.hold("link", "section", number, ours.link(), Long.parseLong(words[last - 2]));
        differences.hold("info", "section", number, ours.info(), Long.parseLong(words[last - 1]));
        differences.hold("alignment", "section", number, ours.alignment(), Long.parseLong(words[last]));
        sections++;
    }

    /** {@code Num: Value Size Type Bind Vis Ndx Name}, of which the name may be empty. */
    private void symbol(String line) throws MalformedElfException {
        long number = Long.parseLong(line.substring(0, 6).strip());
        ElfSymbol ours = ours().symbols().get(number);
        String[] words = line.substring(8).split(" +", 7);
        differences.hold("value", "symbol", number, ours.value(), hex(words[0]));
        differences.hold(
                "size", "symbol", number, ours.size(), Long.decode(words[1]).longValue());
        hold("symbol", number, "type", ours().type(ours), words[2]);
        hold("symbol", number, "binding", ours().binding(ours), words[3]);
        hold("symbol", number, "visibility", ours().visibility(ours), words[4]);
        hold("symbol", number, "section", ours().home(ours), words[5]);
        hold("symbol", number, "name", ours().name(ours), words[6]);
        symbols++;
    }

    private void beginRelocations(MatchResult heading) throws MalformedElfException {
        long offset = Long.parseLong(heading.group(2), 16);
        for (int i = 1; i < ours().elf().sectionCount(); i++) {
            ElfSection section = ours().elf().section(i);
            if (section.type() == ElfSection.SHT_RELA && section.offset() == offset && section.size() > 0) {
                hold("section", i, "name", ours().name(section), heading.group(1));
                ElfSection target = ours().elf().section(section.info());
                RelocationTable table = ours().elf().relocationsOf(target);
                differences.hold("number of relocations", "section", i, table.size(), Long.parseLong(heading.group(3)));
                relocated = Optional.of(target);
            }
        }
        relocationSections++;
    }

    /** Ours are by rising offset, theirs as in the file. */
    private void endRelocations() throws MalformedElfException {
        if (relocated.isEmpty()) {
            return;
        }
        relocations.sort(Comparator.comparing(line -> line.substring(0, 16)));
        RelocationTable table = ours().elf().relocationsOf(relocated.get());
        String place = "section " + relocated.get().index() + ", relocation";
        differences.hold("number shown", place, 0, table.size(), relocations.size());
        for (int i = 0; i < Math.min(table.size(), relocations.size()); i++) {
            relocation(place, i, table.get(i), relocations.get(i));
        }
        relocations.clear();
        relocated = Optional.empty();
    }

    /** {@code Offset Info Type Value Name + Addend}, where the addend has the sign before it. */
    private void relocation(String place, int number, ElfRelocation ours, String line) throws MalformedElfException {
        String[] words = line.split(" +", -1);
        ElfSymbol symbol = ours().symbols().get(ours.symbol());
        String addend = words[6];
        differences.hold("offset", place, number, ours.offset(), hex(words[0]));
        differences.hold("symbol and type", place, number, ours.symbol() << 32 | ours.type(), hex(words[1]));
        boolean isAbsolute = ours.type() == ours().elf().header().machine().absolute64();
        hold(place, number, "type", isAbsolute, words[2].equals("R_X86_64_64"));
        differences.hold("value of symbol", place, number, symbol.value(), hex(words[3]));
        hold(place, number, "name of symbol", ours().name(symbol), words[4]);
        differences.hold("addend", place, number, ours.addend(), words[5].equals("-") ? -hex(addend) : hex(addend));
    }

    private void hold(String place, long number, String field, Object ours, Object theirs) {
        differences.hold(field, place, number, ours, theirs);
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }
}
