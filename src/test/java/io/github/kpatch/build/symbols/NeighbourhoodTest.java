// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Parents that do not tell source files apart: names are written {@code TYPE NAME}, by rising address. */
class NeighbourhoodTest {
    private static ObjectSymbols object(List<ObjectSymbol> defined, String... parent) throws NoSymbolsException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parent.length; i++) {
            text.append(String.format("ffffffff81%06x %s\n", 16 * i, parent[i]));
        }
        return ParentSymbols.ofKernel(SymbolText.of(text.toString()).symbols()).of(defined, Optional.of("a.c"));
    }

    private static List<ObjectSymbol> functions(String... names) {
        return in(".text.", names);
    }

    /** Those that begin with a capital letter are global. */
    private static List<ObjectSymbol> in(String section, String... names) {
        List<ObjectSymbol> symbols = new ArrayList<>();
        for (String name : names) {
            boolean local = Character.isLowerCase(name.charAt(0));
            String whole = section.endsWith(".") ? section + SymbolName.base(name) : section;
            symbols.add(new ObjectSymbol(name, local, section.contains("text"), 16, whole));
        }
        return symbols;
    }

    private static List<ObjectSymbol> with(List<ObjectSymbol> some, List<ObjectSymbol> more) {
        List<ObjectSymbol> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    @Test
    void aNameIsTheObjectsBetweenItsOwn() throws Exception {
        ObjectSymbols object =
                object(functions("A", "show", "b"), "T X", "t show", "T Y", "T A", "t show", "t b", "t show", "T Z");
        assertEquals(new Position.At(2), object.position("show", true));
    }

    @Test
    void aNameAtTheEdgeIsTheObjectsIfNoOtherIsBesideIt() throws Exception {
        ObjectSymbols object = object(functions("show", "a", "B"), "t show", "T X", "t show", "t a", "T B", "T Y");
        assertEquals(new Position.At(2), object.position("show", true));
    }

    @Test
    void anotherOneRightBesideTheObjectLeavesItOpen() throws Exception {
        ObjectSymbols object = object(functions("show", "a", "B"), "t show", "t a", "T B", "t show", "T Y");
        assertEquals(new Position.Ambiguous(2), object.position("show", true));
    }

    @Test
    void whereNothingElseOfTheObjectIsItStaysOpen() throws Exception {
        List<ObjectSymbol> defined = with(functions("a", "B"), in(".init.text", "init"));
        ObjectSymbols object = object(defined, "t a", "T B", "T X", "t init", "T Y", "t init");
        assertEquals(new Position.Ambiguous(2), object.position("init", true));
    }

    @Test
    void theOnlyFunctionOfANameIsNotTheObjectsIfItIsFarFromAllOthers() throws Exception {
        ObjectSymbols object = object(
                functions("a", "b", "C", "D", "e", "inlined"), "t a", "t b", "T C", "T D", "t e", "T X", "t inlined");
        assertEquals(new Position.Absent(), object.position("inlined", true));
        assertEquals(new Position.At(0), object.position("e", true));
    }

    /** The object's init is not in .text, though another one happens to lie beside it there. */
    @Test
    void sectionsAreNotMixed() throws Exception {
        List<ObjectSymbol> defined = with(functions("a", "B", "c"), in(".init.text", "init", "init_a", "init_b"));
        ObjectSymbols object =
                object(defined, "t a", "T B", "t c", "t init", "T X", "t init_b", "t init", "t init_a", "T Y");
        assertEquals(new Position.At(2), object.position("init", true));
    }

    @Test
    void severalNamesOfTheObjectTogetherTellItApartThoughEachIsThereTwice() throws Exception {
        ObjectSymbols object = object(
                functions("show", "store", "probe"),
                "t show",
                "T W",
                "t store",
                "T X",
                "t probe",
                "t show",
                "t store",
                "T Y",
                "t probe");
        assertEquals(new Position.At(2), object.position("show", true));
        assertEquals(new Position.At(2), object.position("store", true));
        assertEquals(new Position.At(1), object.position("probe", true));
    }

    @Test
    void partsThatOptimizersSplitOffDifferentlyDoNotHideTheObject() throws Exception {
        ObjectSymbols object = object(
                functions("a", "show.isra.0", "B", "c"),
                "t show.isra.0",
                "T X",
                "t a.part.0",
                "t a",
                "t show.isra.0",
                "t __pfx_c",
                "t c.constprop.3",
                "T B",
                "T Y");
        assertEquals(new Position.At(2), object.position("show.isra.0", true));
        assertEquals(new Position.Absent(), object.position("c", true));
    }

    @Test
    void aLocalSymbolIsNoGlobalOneAndAFunctionNoVariable() throws Exception {
        ObjectSymbols object = object(functions("init", "A"), "T init", "t init", "d init", "T A", "T X");
        assertEquals(new Position.At(2), object.position("init", true));
        assertEquals(new Position.At(1), object.position("init", false));
        assertEquals(new Position.At(0), object.position("A", false));
    }

    @Test
    void aPerCpuVariableMayBeEither() throws Exception {
        List<ObjectSymbol> defined = in(".data..percpu", "pcp", "Pages");
        ObjectSymbols object = object(defined, "A other", "A pcp", "A Pages", "T X", "d pcp");
        assertEquals(new Position.At(1), object.position("pcp", true));
        assertEquals(new Position.At(0), object.position("Pages", false));
    }

    /** A module's table has the locals of one object after the other. */
    @Test
    void inAModuleTheTableTellsObjectsApart() throws Exception {
        StringBuilder text = new StringBuilder();
        String[] names = {"init", "x", ".LC0", "show", "y", "init", "a", ".LC0", "show", "b", "init", "z"};
        for (int i = 0; i < names.length; i++) {
            text.append(String.format("%6d: %016x    16 FUNC    LOCAL  DEFAULT    1 %s\n", i, 64 * i, names[i]));
        }
        List<ObjectSymbol> defined = functions("init", "a", "show", "b");
        List<ObjectSymbol> all = with(defined, List.of(new ObjectSymbol(".LC0", true, false, 0, ".rodata.str1.1")));
        ObjectSymbols object = ParentSymbols.ofReadelf(text.toString(), false).of(all, Optional.of("a.c"));
        assertEquals(new Position.At(2), object.position("show", true));
        assertEquals(new Position.Ambiguous(2), object.position("init", true));
    }
}
