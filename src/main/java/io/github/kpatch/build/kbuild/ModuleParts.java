// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a patch module is linked of and says of itself.
 *
 * @param name as {@link PatchName} makes it
 * @param replace whether the patches that are loaded go when this one comes (klp_patch's {@code replace})
 * @param parts the objects, the first of which is number 0
 * @param checksum text by which two builds can be told apart
 * @param modinfo what goes into the module's modinfo beside what kbuild puts there, in this order
 */
public record ModuleParts(PatchName name, boolean replace, List<Part> parts, String checksum, List<Modinfo> modinfo) {

    /**
     * One object with changed functions.
     *
     * @param object the file of a relocatable ELF object whose tables, if any, are at {@code kpatch_funcs_N} and {@code
     *     kpatch_callbacks_N}, N being its number
     * @param parent {@code vmlinux} or the module whose functions they are
     * @param functions how many entries {@code kpatch_funcs_N} has
     * @param callbacks how many entries {@code kpatch_callbacks_N} has
     */
    public record Part(Path object, String parent, int functions, int callbacks) {}

    /** A field of modinfo(8). */
    public record Modinfo(String key, String value) {}

    private List<String> parents() {
        return parts.stream().map(Part::parent).distinct().toList();
    }

    /** The header by which kpatch-module.c finds the tables. */
    String header() {
        StringBuilder text = new StringBuilder("/* SPDX-License-Identifier: GPL-2.0 */\n");
        text.append("#define KPATCH_REPLACE ").append(replace).append('\n');
        text.append("#define KPATCH_OBJECTS ").append(parents().size()).append('\n');
        text.append("#define KPATCH_FUNCS ")
                .append(parts.stream().mapToInt(Part::functions).sum())
                .append('\n');
        text.append("static const char *const object_names[] = {\n");
        parents().forEach(parent -> text.append("\t").append(quoted(parent)).append(",\n"));
        text.append("};\n");
        text.append(
                tables("funcs", "func", parts.stream().mapToInt(Part::functions).toArray()));
        text.append(tables(
                "callbacks",
                "callback",
                parts.stream().mapToInt(Part::callbacks).toArray()));
        text.append("static const char kpatch_checksum[] __used __section(\".kpatch.checksum\") = ")
                .append(quoted(checksum))
                .append(";\n");
        modinfo.forEach(field -> text.append("MODULE_INFO(")
                .append(field.key())
                .append(", ")
                .append(quoted(field.value()))
                .append(");\n"));
        return text.toString();
    }

    private static String tables(String what, String one, int[] counts) {
        int[] numbers =
                IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            text.append("extern const struct kpatch_%s_entry kpatch_%s_%d[];%n".formatted(one, what, number));
        }
        text.append("static const struct kpatch_%s_table %s_tables[] __initconst = {%n".formatted(what, what));
        for (int number : numbers) {
            text.append("\t{ kpatch_%s_%d, %d },%n".formatted(what, number, counts[number]));
        }
        return text.append("\t{ NULL, 0 },\n};\n").toString();
    }

    /** As a literal of C; what is not ASCII is written as its bytes of UTF-8 by the caller, and stays. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append(' ');
                case '?' -> quoted.append("\\?"); // no trigraphs
                default -> {
                    if (c >= ' ' && c != 0x7f) {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** The makefile: object files that are there already go by names for which there are no sources. */
    String kbuild() {
        StringBuilder text = new StringBuilder("obj-m := " + name + ".o\n" + name + "-y := kpatch-module.o");
        for (int i = 0; i < parts.size(); i++) {
            text.append(' ').append(object(i));
        }
        return text.append('\n').toString();
    }

    static String object(int number) {
        return "object-" + number + ".o";
    }
}
