// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.diff.x86;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.MalformedElfException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Instructions are as long as they are, and their operands where they are. */
class InstructionTest {
    @ParameterizedTest
    @CsvSource({
        "c3, 1, 0", // ret
        "e8 00 00 00 00, 5, 4", // call
        "48 c7 c7 00 00 00 00, 7, 4", // mov $imm32, %rdi
        "be 2a 00 00 00, 5, 4", // mov $42, %esi
        "80 3d 00 00 00 00 00, 7, 1", // cmpb $0, (%rip)
        "81 3d 00 00 00 00 78 56 34 12, 10, 4", // cmpl $imm32, (%rip)
        "66 c7 05 00 00 00 00 34 12, 9, 2", // movw $imm16, (%rip)
        "48 b8 00 00 00 00 00 00 00 00, 10, 8", // movabs
        "65 48 8b 04 25 28 00 00 00, 9, 0", // mov %gs:0x28, %rax
        "f3 0f 1e fa, 4, 0", // endbr64
        "0f 0b, 2, 0", // ud2
        "0f 84 00 00 00 00, 6, 4", // je
        "f6 05 00 00 00 00 01, 7, 1", // testb $1, (%rip)
        "f7 d0, 2, 0", // not %eax
        "66 2e 0f 1f 84 00 00 00 00 00, 10, 0", // nop
        "c5 f8 77, 3, 0", // vzeroupper
        "c4 e3 7d 39 c1 01, 6, 1", // vextracti128
        "62 f1 7c 48 10 06, 6, 0" // vmovups (%rsi), %zmm0
    })
    void anInstructionHasItsLengthAndItsImmediate(String hex, int length, int immediate) {
        Instruction instruction = Instruction.decode(HexFormat.of().parseHex(hex.replace(" ", "")), 0)
                .orElseThrow();

        assertEquals(length, instruction.length());
        assertEquals(immediate, instruction.immediate());
    }

    @Test
    void anInstructionThatIsCutOffIsNone() {
        assertEquals(Optional.empty(), Instruction.decode(new byte[] {(byte) 0xe8, 0, 0}, 0));
        assertEquals(Optional.empty(), Instruction.decode(new byte[0], 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/bash", "/lib/x86_64-linux-gnu/libc.so.6"})
    void wholeProgramsAreWalkedThroughAsTheDisassemblerDoes(Path program)
            throws IOException, InterruptedException, MalformedElfException {
        ElfObject elf = ElfObject.parse(Files.readAllBytes(program));
        ElfSection text = elf.sectionNamed(".text").orElseThrow();
        byte[] code = elf.contentOf(text);
        Process process =
                new ProcessBuilder("objdump", "-d", "-j", ".text", "--no-show-raw-insn", program.toString()).start();
        int before = 0;
        int count = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = List.of(line.strip().split("[:\\s]+", 3));
                if (!line.startsWith(" ") || words.size() < 2 || words.contains("(bad)")) {
                    continue;
                }
                int at = (int) (Long.parseLong(words.get(0), 16) - text.address());
                if (count > 0) {
                    assertEquals(
                            at, Instruction.decode(code, before).orElseThrow().end(), line);
                }
                before = at;
                count++;
            }
        }
        assertEquals(0, process.waitFor());
        assertTrue(count > 10_000, () -> program + " was not read");
    }
}
