// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import io.github.kpatch.elf.ElfRelocation;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.RelocationTable;
import io.github.kpatch.elf.SymbolTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The arrays in which livepatch is told what to patch, as include/linux/livepatch.h of the kernel declares them.
 *
 * <pre>{@code
 * struct klp_object {                 struct klp_func {
 *     const char *name;     //  0         const char *old_name;     //  0
 *     struct klp_func *funcs; // 8        void *new_func;           //  8
 *     struct klp_callbacks callbacks;     unsigned long old_sympos; // 16
 *     ...                                 ...
 * };                                  };
 * }</pre>
 *
 * <p>The compact {@code klp_object_ext} and {@code klp_func_ext} of Linux 6.19 begin in the same way. How long each
 * structure is depends on the kernel's version and configuration, so entries are recognised by their pointers: a function
 * is a pointer to a name and right behind it one to code; an object is a pointer to functions, perhaps with one to its
 * name before it. An array ends with its symbol, where the next one begins, or where something else begins.
 */
final class KlpArrays {
    private static final int POINTER = 8;
    private static final int SYMPOS = 16;

    private final Pointers pointers;

    KlpArrays(Pointers pointers) {
        this.pointers = pointers;
    }

    /** Whether what stands here could be an object; one without functions shows little of itself. */
    boolean mayBeginWithObject(Place start) throws MalformedElfException {
        Optional<Place> functions = pointers.at(start.section(), start.offset() + POINTER);
        return functions.isPresent() && functions.get().isVariable();
    }

    /** Whether an array of objects begins here whose first object has functions. */
    boolean beginsWithPatchedObject(Place start) throws MalformedElfException {
        Optional<Place> functions = pointers.at(start.section(), start.offset() + POINTER);
        return functions.isPresent() && isFunction(functions.get());
    }

    /** The objects between two offsets of a section, with their functions. */
    List<PatchedObject> objects(ElfSection section, long start, long end) throws MalformedElfException {
        List<FunctionArray> arrays = functionArrays(section, start, end);
        List<FunctionArray> sorted = new ArrayList<>(arrays);
        Collections.sort(sorted);
        limitByNext(sorted);
        limitBySymbols(sorted);
        refuseShared(sorted);
        PatchedObjects objects = new PatchedObjects();
        for (FunctionArray array : arrays) {
            objects.add(array.object());
            addFunctions(objects, array);
        }
        return objects.toList();
    }

    private List<FunctionArray> functionArrays(ElfSection section, long start, long end) throws MalformedElfException {
        List<FunctionArray> arrays = new ArrayList<>();
        RelocationTable table = pointers.in(section);
        int position = table.firstFrom(start);
        while (position < table.size() && table.get(position).offset() < end) {
            if (arrays.size() == PatchedObjects.MOST) {
                throw Pointers.corrupt(new Place(section, start), "it patches more objects than any kernel has");
            }
            ElfRelocation relocation = table.get(position++);
            Optional<Place> target = pointers.target(relocation);
            if (target.isEmpty()) {
                break;
            }
            if (target.get().isCode()) {
                continue; // a callback of the object before
            }
            Optional<Place> next = pointers.at(section, relocation.offset() + POINTER);
            if (next.isPresent() && next.get().isData()) {
                arrays.add(new FunctionArray(pointers.objectName(target.get()), next.get()));
                position = table.firstFrom(relocation.offset() + POINTER + 1);
            } else if (target.get().isVariable() || isFunction(target.get())) {
                arrays.add(new FunctionArray(PatchedObject.KERNEL, target.get()));
            } else {
                break;
            }
        }
        return arrays;
    }

    private static void limitByNext(List<FunctionArray> sorted) {
        for (int i = sorted.size() - 2; i >= 0; i--) {
            FunctionArray array = sorted.get(i);
            FunctionArray next = sorted.get(i + 1);
            if (array.equals(next)) {
                array.endsAt(next.end());
            } else if (array.section().index() == next.section().index()) {
                array.endsAt(next.start().offset());
            }
        }
    }

    private void limitBySymbols(List<FunctionArray> sorted) throws MalformedElfException {
        SymbolTable symbols = pointers.symbols();
        for (int i = 1; i < symbols.size() && !sorted.isEmpty(); i++) {
            ElfSymbol symbol = symbols.get(i);
            if (symbol.type() == ElfSymbol.STT_OBJECT && symbol.size() > 0 && symbol.section() != 0) {
                Place start = new Place(pointers.elf().section(symbol.section()), symbol.value());
                int found = Collections.binarySearch(sorted, new FunctionArray("", start));
                if (found >= 0) {
                    sorted.get(found).endsAt(endOf(symbol));
                }
            }
        }
    }

    /** Empty arrays may be shared; one with functions can't be, since the kernel keeps state in it. */
    private void refuseShared(List<FunctionArray> sorted) throws MalformedElfException {
        for (int i = 1; i < sorted.size(); i++) {
            FunctionArray array = sorted.get(i);
            if (array.equals(sorted.get(i - 1)) && isFunction(array.start())) {
                throw Pointers.corrupt(array.start(), "two patched objects have the same functions");
            }
        }
    }

    /** Where the variable that begins at a place ends, by its symbol; else the end of the section. */
    long endOfVariable(Place start) throws MalformedElfException {
        SymbolTable symbols = pointers.symbols();
        for (int i = 1; i < symbols.size(); i++) {
            ElfSymbol symbol = symbols.get(i);
            if (symbol.type() == ElfSymbol.STT_OBJECT
                    && symbol.section() == start.section().index()
                    && symbol.value() == start.offset()
                    && symbol.size() > 0) {
                return endOf(symbol);
            }
        }
        return start.section().size();
    }

    private static long endOf(ElfSymbol symbol) {
        long end = symbol.value() + symbol.size();
        return end < symbol.value() ? Long.MAX_VALUE : end;
    }

    private boolean isFunction(Place place) throws MalformedElfException {
        Optional<Place> name = pointers.at(place.section(), place.offset());
        Optional<Place> code = pointers.at(place.section(), place.offset() + POINTER);
        return name.isPresent()
                && name.get().isData()
                && code.isPresent()
                && code.get().isCode();
    }

    private void addFunctions(PatchedObjects objects, FunctionArray array) throws MalformedElfException {
        ElfSection section = array.section();
        RelocationTable table = pointers.in(section);
        int position = table.firstFrom(array.start().offset());
        while (position < table.size() && table.get(position).offset() < array.end()) {
            long entry = table.get(position).offset();
            if (!isFunction(new Place(section, entry))) {
                break;
            }
            Place name = pointers.at(section, entry).orElseThrow();
            long sympos = pointers.elf().u64At(section, entry + SYMPOS);
            objects.add(array.object(), new PatchedFunction(pointers.functionName(name), sympos));
            position = table.firstFrom(entry + POINTER + 1);
        }
    }
}
