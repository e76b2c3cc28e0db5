// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolTextTest {
    private static List<String> names(String text) throws NoSymbolsException {
        return ParentSymbols.ofKernel(SymbolText.of(text).symbols()).names().toList();
    }

    private static String refusal(String text) {
        return String.valueOf(
                assertThrows(NoSymbolsException.class, () -> names(text)).getMessage());
    }

    @Test
    void linesAreReadInTheirOrderAndThoseOfModulesAreLeftOut() throws Exception {
        String text = """
                0000000000000000 A fixed_percpu_data
                ffffffff81000000 T _text
                ffffffff81000000 t twice
                ffffffff81000040 t twice.llvm.1234567890
                ffffffffc0003000 t init_once\t[ext4]
                ffffffffc0004000 t bpf_prog_6deef7357e7b4530\t[bpf]
                """;
        assertEquals(List.of("fixed_percpu_data", "_text", "twice", "twice"), names(text));
        assertFalse(SymbolText.of(text).isSecret());
    }

    @Test
    void whatIsSortedByNameIsSortedByAddressAgain() throws Exception {
        assertEquals(
                List.of("c", "a", "b"), names("ffffffff81000010 t a\nffffffff81000020 t b\nffffffff81000000 T c\n"));
    }

    @Test
    void addressesThatAreKeptSecretLeaveTheOrder() throws Exception {
        String text = "0000000000000000 T z\n0000000000000000 t a\n";
        assertEquals(List.of("z", "a"), names(text));
        assertTrue(SymbolText.of(text).isSecret());
    }

    @Test
    void aPlaceholderIsNoListOfSymbols() {
        assertEquals(
                "is no list of symbols: it begins with \"ffffffffffffffff B The real System.map is in the"
                        + " linux-image-<version>-dbg package\"",
                refusal("ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package\n"));
        assertEquals("has no symbols in it", refusal(""));
        assertEquals("is no list of symbols: it has the line \"x\"", refusal("ffffffff81000010 t a\nx\n"));
        assertTrue(refusal("y".repeat(1000)).length() < 200);
    }

    @Test
    void aWeakSymbolOfAnObjectIsOverriddenByOneThatIsNot() throws Exception {
        ParentSymbols parent =
                ParentSymbols.ofKernel(SymbolText.of("ffffffff81000000 W kept\nffffffff81000010 T replaced\n")
                        .symbols());
        ObjectSymbols symbols = parent.of(List.of(), Optional.empty());

        assertFalse(symbols.isOverridden("kept"));
        assertFalse(symbols.isOverridden("gone"));
        assertTrue(symbols.isOverridden("replaced"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff8%d000000", "0000000000000000"})
    void aVariableIsOneThoughThereIsCodeInItsSection(String address) throws Exception {
        StringBuilder text = new StringBuilder();
        List<String> symbols = List.of("t time", "T _sdata", "t time", "T loud", "T _edata", "t time");
        for (int i = 0; i < symbols.size(); i++) {
            text.append(address.formatted(i)).append(' ').append(symbols.get(i)).append('\n');
        }
        List<ObjectSymbol> defined =
                List.of(new ObjectSymbol("time", true, false, 4), new ObjectSymbol("loud", false, false, 4));
        ObjectSymbols object =
                ParentSymbols.ofKernel(SymbolText.of(text.toString()).symbols()).of(defined, Optional.empty());

        assertEquals(new Position.At(2), object.position("time", true));
        assertEquals(new Position.At(0), object.position("loud", false));
    }
}
