// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff;

import io.github.kpatch.build.diff.Resolution.Livepatch;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.edit.Relocation;
import io.github.kpatch.elf.edit.Section;
import io.github.kpatch.elf.edit.Symbol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The sections by which an output object tells those that come after it what it is for.
 *
 * <pre>{@code
 * struct kpatch_patch_func {          // .kpatch.funcs: functions that are replaced
 *     unsigned long new_addr;         //  0
 *     unsigned long new_size;         //  8
 *     unsigned long old_addr;         // 16  not known
 *     unsigned long old_size;         // 24
 *     unsigned long sympos;           // 32
 *     char *name;                     // 40
 *     char *objname;                  // 48
 * };
 * struct kpatch_reloc {               // .kpatch.relocs: what livepatch relocates; not in the finished module
 *     void *place;                    //  0
 *     char *symbol;                   //  8  .klp.sym.OBJECT.NAME,SYMPOS
 *     char *object;                   // 16  whose code it is in
 *     long addend;                    // 24
 *     unsigned long type;             // 32
 * };
 * struct kpatch_callback {            // .kpatch.callbacks
 *     unsigned long kind;             //  0  CallbackKind
 *     void *function;                 //  8
 *     char *objname;                  // 16
 * };
 * }</pre>
 */
public final class KpatchSections {
    public static final String FUNCTIONS = ".kpatch.funcs";
    public static final String RELOCATIONS = ".kpatch.relocs";
    public static final String CALLBACKS = ".kpatch.callbacks";
    public static final String STRINGS = ".kpatch.strings";

    /** The size of an entry of {@link #RELOCATIONS} in bytes. */
    public static final int RELOCATION_SIZE = 40;

    private static final int FUNCTION_SIZE = 56;
    private static final int CALLBACK_SIZE = 24;

    /** When a callback is called, and the number for it in the entry. */
    enum CallbackKind {
        PRE_PATCH(0),
        POST_PATCH(1),
        PRE_UNPATCH(2),
        POST_UNPATCH(3);

        private final int number;

        CallbackKind(int number) {
            this.number = number;
        }

        /** As sections and klp_callbacks call it: {@code pre_patch}. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Replacement(Symbol symbol, long oldSize, int sympos, String name) {}

    private record Late(Section section, long offset, int type, Livepatch target) {}

    private record Callback(CallbackKind kind, Symbol function) {}

    private final String objectName;
    private final int absolute64;
    private final List<Replacement> replacements = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();
    private final List<Callback> callbacks = new ArrayList<>();

    /** @param objectName what is patched: {@code vmlinux} or a module */
    KpatchSections(String objectName, int absolute64) {
        this.objectName = objectName;
        this.absolute64 = absolute64;
    }

    void replace(Symbol replacement, long oldSize, int sympos, String name) {
        replacements.add(new Replacement(replacement, oldSize, sympos, name));
    }

    void relocate(Section section, long offset, int type, Livepatch target) {
        late.add(new Late(section, offset, type, target));
    }

    void callback(CallbackKind kind, Symbol function) {
        callbacks.add(new Callback(kind, function));
    }

    int functionCount() {
        return replacements.size();
    }

    List<String> callbackKinds() {
        return callbacks.stream().map(callback -> callback.kind().label()).toList();
    }

    /**
     * The sections, without those that would be empty.
     *
     * @param symbolOf gives the symbol of a section
     */
    List<Section> build(Function<Section, Symbol> symbolOf) {
        return new Writer(symbolOf).sections();
    }

    private final class Writer {
        private final Function<Section, Symbol> symbolOf;
        private final Map<String, Integer> offsets = new HashMap<>();
        private final Section strings;

        Writer(Function<Section, Symbol> symbolOf) {
            this.symbolOf = symbolOf;
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            add(text, objectName);
            replacements.forEach(replacement -> add(text, replacement.name()));
            late.forEach(relocation -> add(text, relocation.target().name()));
            this.strings =
                    new Section(STRINGS, ElfSection.SHT_PROGBITS, ElfSection.SHF_ALLOC, 1, 0, text.toByteArray());
        }

        private void add(ByteArrayOutputStream text, String string) {
            offsets.computeIfAbsent(string, added -> {
                int offset = text.size();
                text.writeBytes(added.getBytes(StandardCharsets.UTF_8));
                text.write(0);
                return offset;
            });
        }

        List<Section> sections() {
            List<Section> made = new ArrayList<>();
            addIfAny(made, functions());
            addIfAny(made, relocations());
            addIfAny(made, callbackTable());
            addIfAny(made, strings);
            return made;
        }

        private void addIfAny(List<Section> sections, Section section) {
            if (section.size() > 0 && (section != strings || !sections.isEmpty())) {
                sections.add(section);
            }
        }

        private Section functions() {
            Table table = new Table(FUNCTIONS, replacements.size() * FUNCTION_SIZE);
            for (Replacement replacement : replacements) {
                table.pointer(replacement.symbol(), 0);
                table.number(replacement.symbol().size());
                table.number(0);
                table.number(replacement.oldSize());
                table.number(replacement.sympos());
                table.string(replacement.name());
                table.string(objectName);
            }
            return table.section;
        }

        private Section relocations() {
            Table table = new Table(RELOCATIONS, late.size() * RELOCATION_SIZE);
            for (Late relocation : late) {
                table.pointer(symbolOf.apply(relocation.section()), relocation.offset());
                table.string(relocation.target().name());
                table.string(objectName);
                table.number(relocation.target().addend());
                table.number(relocation.type());
            }
            return table.section;
        }

        private Section callbackTable() {
            Table table = new Table(CALLBACKS, callbacks.size() * CALLBACK_SIZE);
            for (Callback callback : callbacks) {
                table.number(callback.kind().number);
                table.pointer(callback.function(), 0);
                table.string(objectName);
            }
            return table.section;
        }

        private final class Table {
            private final Section section;
            private final ByteBuffer content;

            Table(String name, int size) {
                byte[] bytes = new byte[size];
                this.content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                this.section = new Section(name, ElfSection.SHT_PROGBITS, ElfSection.SHF_ALLOC, 8, 0, bytes);
            }

            void number(long value) {
                content.putLong(value);
            }

            void pointer(Symbol symbol, long addend) {
                section.relocations().add(new Relocation(content.position(), absolute64, symbol, addend));
                content.putLong(0);
            }

            void string(String text) {
                Integer offset = offsets.get(text);
                if (offset == null) {
                    throw new IllegalStateException(text + " was not collected");
                }
                pointer(symbolOf.apply(strings), offset);
            }
        }
    }
}
