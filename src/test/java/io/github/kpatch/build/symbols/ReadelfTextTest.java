// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadelfTextTest {
    private static final String TEXT = """

            Symbol table '.dynsym' contains 1 entry:
               Num:    Value          Size Type    Bind   Vis      Ndx Name
                 9: 0000000000000000     0 FUNC    GLOBAL DEFAULT   12 only_for_the_dynamic_linker

            Symbol table '.symtab' contains 11 entries:
               Num:    Value          Size Type    Bind   Vis      Ndx Name
                 0: 0000000000000000     0 NOTYPE  LOCAL  DEFAULT  UND\s
                 1: ffffffff81000000     0 SECTION LOCAL  DEFAULT    1 .text
                 2: 0000000000000000     0 FILE    LOCAL  DEFAULT  ABS core.c
                 3: ffffffff81000040    16 FUNC    LOCAL  DEFAULT    1 show
                 4: ffffffff81000050    16 FUNC    LOCAL  DEFAULT    1 first_only
                 5: 0000000000000000     0 FILE    LOCAL  DEFAULT  ABS core.c
                 6: ffffffff81000020 0x20000 FUNC    LOCAL  DEFAULT    1 show
                 7: ffffffff81000030    16 FUNC    LOCAL  DEFAULT    1 second_only
                 8: 0000000000000123     0 NOTYPE  LOCAL  DEFAULT  ABS constant
                 9: ffffffff81000000    16 FUNC    GLOBAL DEFAULT [<localentry>: 8]     1 show
                10: 0000000000000000     0 NOTYPE  GLOBAL DEFAULT  UND needed
            """;

    private static ObjectSymbols object(ParentSymbols parent, String... locals) {
        return parent.of(
                List.of(locals).stream()
                        .map(name -> new ObjectSymbol(name, true, true, 16))
                        .toList(),
                Optional.of("core.c"));
    }

    @Test
    void theKernelCountsByRisingAddress() throws Exception {
        ParentSymbols kernel = ParentSymbols.ofReadelf(TEXT, true);
        assertEquals(
                List.of("show", "show", "second_only", "show", "first_only"),
                kernel.names().toList());
        assertEquals(new Position.At(3), object(kernel, "show", "first_only").position("show", true));
        assertEquals(new Position.At(2), object(kernel, "show", "second_only").position("show", true));
        assertEquals(new Position.At(1), object(kernel, "show").position("show", false));
        assertEquals(new Position.At(0), object(kernel, "show", "first_only").position("first_only", true));
    }

    @Test
    void inAModuleItCountsByTheOrderOfTheTable() throws Exception {
        ParentSymbols module = ParentSymbols.ofReadelf(TEXT, false);
        assertEquals(new Position.At(1), object(module, "show", "first_only").position("show", true));
        assertEquals(new Position.At(2), object(module, "show", "second_only").position("show", true));
        assertEquals(new Position.At(3), object(module, "show").position("show", false));
    }

    @Test
    void filesOfOneNameThatAgreeEquallyWellLeaveItOpen() throws Exception {
        ObjectSymbols object = object(ParentSymbols.ofReadelf(TEXT, true), "show");
        assertEquals(new Position.Ambiguous(2), object.position("show", true));
    }

    @Test
    void whatTheObjectOrTheParentDoesNotHaveIsAbsent() throws Exception {
        ObjectSymbols object = object(ParentSymbols.ofReadelf(TEXT, true), "show", "first_only", "inlined");
        for (String name : List.of("inlined", "second_only")) {
            assertEquals(new Position.Absent(), object.position(name, true), name);
        }
        for (String name : List.of("needed", "constant", "only_for_the_dynamic_linker", "core.c", "first_only")) {
            assertEquals(new Position.Absent(), object.position(name, false), name);
        }
    }

    @Test
    void namesThatAreCutOffAreRefused() {
        String cut = TEXT.replace("second_only", "second_o[...]");
        String refusal = String.valueOf(assertThrows(NoSymbolsException.class, () -> ParentSymbols.ofReadelf(cut, true))
                .getMessage());
        assertEquals("has names that are cut off, such as second_o[...]", refusal);
        assertThrows(NoSymbolsException.class, () -> ParentSymbols.ofReadelf("no table", true));
        assertThrows(
                NoSymbolsException.class, () -> ParentSymbols.ofReadelf(TEXT.replace("  1 show", "  1x show"), true));
    }
}
