// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.diff.ObjectDiff;
import io.github.kpatch.build.diff.Parent;
import io.github.kpatch.build.diff.x86.X86;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.symbols.NoSymbolsException;
import io.github.kpatch.build.symbols.ParentSymbols;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Compares two objects that somebody else has compiled. */
public final class DiffObject {
    /** The variables by which callers tell the sizes of the entries of tables, in bytes. */
    private static final Map<String, String> ENTRY_SIZES = new TreeMap<>(Map.of(
            "ALT_STRUCT_SIZE", ".altinstructions",
            "BUG_STRUCT_SIZE", "__bug_table",
            "EX_STRUCT_SIZE", "__ex_table",
            "JUMP_STRUCT_SIZE", "__jump_table",
            "ORC_STRUCT_SIZE", ".orc_unwind",
            "PARA_STRUCT_SIZE", ".parainstructions",
            "PRINTK_INDEX_STRUCT_SIZE", ".printk_index",
            "STATIC_CALL_STRUCT_SIZE", ".static_call_sites"));

    private DiffObject() {}

    /**
     * What is compared.
     *
     * @param parent {@code vmlinux} or a module
     * @param symbols the text of {@code readelf -s --wide} of the parent
     */
    public record Request(Path original, Path patched, String parent, Path symbols, Path symvers) {}

    /**
     * Compares.
     *
     * @param variables the environment, with the sizes of entries of tables
     */
    public static Difference compare(Request request, Map<String, String> variables) {
        RelocatableObject original = KernelDiffer.object(request.original());
        RelocatableObject patched = KernelDiffer.object(request.patched());
        String name = Exports.moduleName(request.parent());
        Parent parent =
                new Parent(name, SymbolPlaces.of(original, symbols(request, name)), Exports.read(request.symvers()));
        return ObjectDiff.of(original, patched, parent, new X86(sizes(variables)));
    }

    private static ParentSymbols symbols(Request request, String parent) {
        try {
            return ParentSymbols.ofReadelf(Disk.text(request.symbols()), parent.equals(Parent.KERNEL));
        } catch (NoSymbolsException e) {
            throw new KpatchException(
                    Failure.FAILED,
                    request.symbols() + ": " + e.getMessage(),
                    "make it anew with readelf --symbols --wide",
                    e);
        }
    }

    private static Map<String, Integer> sizes(Map<String, String> variables) {
        Map<String, Integer> sizes = new HashMap<>();
        ENTRY_SIZES.forEach((variable, section) -> {
            String value = variables.getOrDefault(variable, "");
            if (!value.isEmpty()) {
                if (!value.matches("[1-9][0-9]{0,3}")) {
                    throw new KpatchException(
                            Failure.FAILED, "the variable " + variable + " is '" + value + "', which is no size");
                }
                sizes.put(section, Integer.valueOf(value));
            }
        });
        return sizes;
    }
}
