// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import static io.github.kpatch.testing.ElfBuilder.ALLOC;
import static io.github.kpatch.testing.ElfBuilder.WRITE;

import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.testing.PatchModuleBuilder.Function;
import io.github.kpatch.testing.PatchModuleBuilder.Layout;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Lays out the tables that say what a module patches, as each of the tools does. */
final class PatchTables {
    private static final String VMLINUX = "vmlinux";
    private static final String STRINGS = ".rodata.str1.1";

    /** How long the structures are; any lengths will do, since kernels differ in them. */
    private static final int PATCH = 64;

    private static final int OBJECT = 96;
    private static final int FUNC = 40;

    private final ElfBuilder elf;
    private final int absolute;
    private final ByteOrder order;
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

    PatchTables(ElfBuilder elf, int absolute, ByteOrder order) {
        this.elf = elf;
        this.absolute = absolute;
        this.order = order;
    }

    void add(Layout layout, Map<String, List<Function>> objects, boolean replace) {
        for (Map.Entry<String, List<Function>> object : objects.entrySet()) {
            string(object.getKey());
            object.getValue().forEach(function -> string(function.name()));
        }
        elf.section(STRINGS, ALLOC, strings.toByteArray()).sectionSymbol(STRINGS);
        strings.reset();
        switch (layout) {
            case HAND -> byHand(objects, replace);
            case KPATCH_BUILD -> byKpatchBuild(objects);
            case KLP_BUILD -> byKlpBuild(objects);
        }
    }

    private void byHand(Map<String, List<Function>> objects, boolean replace) {
        int objectsSize = OBJECT * (objects.size() + 1);
        byte[] data = new byte[PATCH + objectsSize + functionsSize(objects, 1)];
        data[24] = (byte) (replace ? 1 : 0);
        putSymposes(data, objects, PATCH + objectsSize, 1);
        elf.section(".data", ALLOC | WRITE, data).sectionSymbol(".data");
        elf.symbol("patch", ElfSymbol.STT_OBJECT, ".data", 0, PATCH);
        elf.symbol("objs", ElfSymbol.STT_OBJECT, ".data", PATCH, objectsSize);
        elf.relocation(".data", 0, absolute, "__this_module", 0);
        elf.relocation(".data", 8, absolute, ".data", PATCH);
        point(objects, new Arrays(".data", PATCH, OBJECT, ".data", PATCH + objectsSize, 1));
    }

    private void byKlpBuild(Map<String, List<Function>> objects) {
        byte[] functions = new byte[functionsSize(objects, 0)];
        putSymposes(functions, objects, 0, 0);
        elf.section(".init.klp_funcs", ALLOC | WRITE, functions).sectionSymbol(".init.klp_funcs");
        elf.section(".init.klp_objects", ALLOC | WRITE, new byte[OBJECT * objects.size()]);
        point(objects, new Arrays(".init.klp_objects", 0, OBJECT, ".init.klp_funcs", 0, 0));
    }

    private void byKpatchBuild(Map<String, List<Function>> objects) {
        int count = functionsSize(objects, 0) / FUNC;
        byte[] data = new byte[56 * count];
        int entry = 0;
        for (List<Function> functions : objects.values()) {
            for (Function function : functions) {
                putLong(data, entry + 32, function.sympos());
                entry += 56;
            }
        }
        if (count > 0) {
            elf.section(".kpatch.funcs", ALLOC, data);
        }
        entry = 0;
        for (Map.Entry<String, List<Function>> object : objects.entrySet()) {
            int objectName = string(object.getKey());
            for (Function function : object.getValue()) {
                elf.relocation(".kpatch.funcs", entry, absolute, ".text", 16);
                elf.relocation(".kpatch.funcs", entry + 40, absolute, STRINGS, string(function.name()));
                elf.relocation(".kpatch.funcs", entry + 48, absolute, STRINGS, objectName);
                entry += 56;
            }
            if (object.getValue().isEmpty()) {
                elf.section(".kpatch.callbacks", ALLOC, new byte[24]);
                elf.relocation(".kpatch.callbacks", 8, absolute, ".text", 32);
                elf.relocation(".kpatch.callbacks", 16, absolute, STRINGS, objectName);
            }
        }
    }

    /** Where the arrays stand; {@code terminators} is how many empty entries end each array of functions. */
    private record Arrays(
            String objects, int objectsAt, int objectSize, String functions, int functionsAt, int terminators) {}

    private void point(Map<String, List<Function>> objects, Arrays arrays) {
        int at = arrays.objectsAt();
        int functionsAt = arrays.functionsAt();
        for (Map.Entry<String, List<Function>> object : objects.entrySet()) {
            int objectName = string(object.getKey());
            if (!object.getKey().equals(VMLINUX)) {
                elf.relocation(arrays.objects(), at, absolute, STRINGS, objectName);
            }
            elf.relocation(arrays.objects(), at + 8, absolute, arrays.functions(), functionsAt);
            elf.relocation(arrays.objects(), at + 16, absolute, ".text", 32);
            for (Function function : object.getValue()) {
                elf.relocation(arrays.functions(), functionsAt, absolute, STRINGS, string(function.name()));
                elf.relocation(arrays.functions(), functionsAt + 8, absolute, ".text", 16);
                functionsAt += FUNC;
            }
            functionsAt += FUNC * arrays.terminators();
            at += arrays.objectSize();
        }
    }

    private void putSymposes(byte[] data, Map<String, List<Function>> objects, int start, int terminators) {
        int at = start;
        for (List<Function> functions : objects.values()) {
            for (Function function : functions) {
                putLong(data, at + 16, function.sympos());
                at += FUNC;
            }
            at += FUNC * terminators;
        }
    }

    private static int functionsSize(Map<String, List<Function>> objects, int terminators) {
        int count = 0;
        for (List<Function> functions : objects.values()) {
            count += functions.size() + terminators;
        }
        return FUNC * count;
    }

    private void putLong(byte[] data, int at, long value) {
        ByteBuffer.wrap(data).order(order).putLong(at, value);
    }

    /** Strings come in the same order when they are laid down and when they are pointed at, so offsets agree. */
    private int string(String text) {
        int offset = strings.size();
        strings.writeBytes((text + "\0").getBytes(StandardCharsets.UTF_8));
        return offset;
    }
}
