// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff.x86;

import static io.github.kpatch.build.diff.TableLayout.Role.BEHAVIOUR;
import static io.github.kpatch.build.diff.TableLayout.Role.DERIVED;
import static io.github.kpatch.build.diff.TableLayout.Role.TRACING;
import static io.github.kpatch.build.diff.TableLayout.Role.UNWIND_PLACES;
import static io.github.kpatch.build.diff.TableLayout.Role.UNWIND_RULES;
import static java.util.Map.entry;

import io.github.kpatch.build.diff.TableLayout;
import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of x86-64 kernels about their code. The sizes of entries changed over the years; which it is, the places of
 * the relocations tell, since each entry has them at the same offsets.
 */
final class Tables {
    /**
     * One layout that some kernel has had.
     *
     * @param size of an entry
     * @param required how many of the places are relocated in every entry
     * @param places where in an entry relocations are
     */
    private record Shape(int size, int required, List<Integer> places) {
        Shape(int size, Integer... places) {
            this(size, places.length, List.of(places));
        }

        /** Of code that is replaced, which one kernel may fill with nothing, and then names no replacement. */
        static Shape ofReplaced(int size) {
            return new Shape(size, 1, List.of(0, 4));
        }
    }

    private record Table(TableLayout.Role role, List<Shape> shapes) {
        Table(TableLayout.Role role, Shape... shapes) {
            this(role, List.of(shapes));
        }
    }

    private static final Shape PLACE = new Shape(4, 0);
    private static final Shape POINTER = new Shape(8, 0);

    private static final Map<String, Table> KNOWN = Map.ofEntries(
            entry(
                    ".altinstructions",
                    new Table(BEHAVIOUR, Shape.ofReplaced(14), Shape.ofReplaced(12), Shape.ofReplaced(13))),
            entry(
                    "__bug_table",
                    new Table(
                            BEHAVIOUR,
                            new Shape(12, 0, 4),
                            new Shape(16, 0, 4, 8),
                            new Shape(16, 0, 8),
                            new Shape(8, 0))),
            entry("__ex_table", new Table(BEHAVIOUR, new Shape(12, 0, 4), new Shape(12, 0, 4, 8), new Shape(8, 0, 4))),
            entry("__jump_table", new Table(BEHAVIOUR, new Shape(16, 0, 4, 8), new Shape(24, 0, 8, 16))),
            entry(".static_call_sites", new Table(BEHAVIOUR, new Shape(8, 0, 4))),
            entry(".parainstructions", new Table(BEHAVIOUR, new Shape(16, 0))),
            entry(".smp_locks", new Table(DERIVED, PLACE)),
            entry(".retpoline_sites", new Table(DERIVED, PLACE)),
            entry(".return_sites", new Table(DERIVED, PLACE)),
            entry(".call_sites", new Table(DERIVED, PLACE)),
            entry(".ibt_endbr_seal", new Table(DERIVED, PLACE)),
            entry(".cfi_sites", new Table(DERIVED, PLACE)),
            entry(".kcfi_traps", new Table(DERIVED, PLACE)),
            entry(".orc_unwind_ip", new Table(UNWIND_PLACES, PLACE)),
            entry("__mcount_loc", new Table(TRACING, POINTER)),
            // where functions are padded, which is not where ftrace may have them: that is at their calls of __fentry__
            entry("__patchable_function_entries", new Table(DERIVED, POINTER)));

    /** What makes an entry longer without another relocation: a warning has its line, and 7.x a format before it. */
    private static final int LINE_FROM_END = 4;

    private final Map<String, Integer> entrySizes;

    Tables(Map<String, Integer> entrySizes) {
        this.entrySizes = Map.copyOf(entrySizes);
    }

    Optional<TableLayout> layout(Section section) {
        if (section.name().equals(".orc_unwind")) {
            return Optional.of(new TableLayout(entrySizes.getOrDefault(".orc_unwind", 0), UNWIND_RULES));
        }
        Table table = KNOWN.get(section.name());
        if (table == null) {
            return Optional.empty();
        }
        int size = entrySize(section, table);
        boolean hasLine = section.name().equals("__bug_table") && size >= 12;
        return Optional.of(new TableLayout(
                size,
                table.role(),
                hasLine ? size - LINE_FROM_END : -1,
                section.name().equals(".altinstructions") ? lengthOfReplacement(size) : -1));
    }

    /** It is the last byte, but where the length of the padding is behind it. */
    private static int lengthOfReplacement(int size) {
        return size == 13 ? 11 : size - 1;
    }

    private int entrySize(Section section, Table table) {
        Integer given = entrySizes.get(section.name());
        if (given != null && isDivided(section, given)) {
            return given;
        }
        for (Shape shape : table.shapes()) {
            if (fits(section, shape)) {
                return shape.size();
            }
        }
        return 0;
    }

    /** Kernels do not fill up the last entry of {@code .parainstructions}; who links the object does. */
    private static boolean isDivided(Section section, int entrySize) {
        long alignment = Math.max(1, section.alignment());
        return (section.size() + alignment - 1) / alignment * alignment % entrySize == 0;
    }

    private static boolean fits(Section section, Shape shape) {
        long required = 0;
        for (Relocation relocation : section.relocations()) {
            int place = shape.places().indexOf((int) (relocation.offset() % shape.size()));
            if (place < 0 || !hasMeaning(relocation.symbol(), place)) {
                return false;
            }
            required += place < shape.required() ? 1 : 0;
        }
        long entries = (section.size() + shape.size() - 1) / shape.size();
        return isDivided(section, shape.size()) && required == entries * shape.required();
    }

    /** Sizes with a common multiple look alike: but entries begin with code, and what comes third never is a label. */
    private static boolean hasMeaning(Symbol symbol, int place) {
        boolean isCode = symbol.section().filter(Section::isExecutable).isPresent();
        return switch (place) {
            case 0 -> symbol.section().isEmpty() || isCode;
            case 2 -> !isCode || !symbol.isSection();
            default -> true;
        };
    }
}
