// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.BuildParts;
import io.github.kpatch.cli.Environment;
import io.github.kpatch.elf.MalformedElfException;
import io.github.kpatch.elf.edit.RelocatableObject;
import io.github.kpatch.elf.edit.Symbol;
import io.github.kpatch.testing.CompiledPair;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.ManualPage;
import io.github.kpatch.testing.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kpatch-build diff-object}, as other programs call it. */
class DiffObjectTest {
    private static final String CHANGED = """
            extern int printk(const char *text, ...);
            int f(int x) { return printk("f") + x; }
            #ifdef PATCHED
            int g(int x) { return f(x) + 2; }
            #else
            int g(int x) { return f(x) + 1; }
            #endif
            """;

    private final Path directory;
    private final FakeMachine machine;

    DiffObjectTest(@TempDir Path directory) {
        this.directory = directory;
        this.machine = new FakeMachine(directory);
    }

    private Outcome diff(String source, Map<String, String> variables) throws IOException, InterruptedException {
        return diff(CompiledPair.of(directory, "gcc", source), variables);
    }

    private Outcome diff(CompiledPair pair, Map<String, String> variables) throws IOException, InterruptedException {
        Path original =
                Files.write(directory.resolve("original.o"), pair.original().toBytes());
        Path patched =
                Files.write(directory.resolve("patched.o"), pair.patched().toBytes());
        Process readelf = new ProcessBuilder("readelf", "-s", "--wide", original.toString()).start();
        Path symbols = Files.write(
                directory.resolve("parent.symtab"), readelf.getInputStream().readAllBytes());
        assertEquals(0, readelf.waitFor());
        Path symvers = Files.writeString(
                directory.resolve("Module.symvers"), "0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n");
        return run(variables, original, patched, "vmlinux", symbols, symvers, "fix", output());
    }

    private Path output() {
        return directory.resolve("output.o");
    }

    private Outcome run(Map<String, String> variables, Object... operands) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Environment environment = new Environment(log -> machine, variables, false, false, false);
        String[] arguments = new String[operands.length + 1];
        arguments[0] = "diff-object";
        for (int i = 0; i < operands.length; i++) {
            arguments[i + 1] = operands[i].toString();
        }
        int status = new BuildCli(environment, BuildParts::of).run(arguments, out, err);
        return new Outcome(out.toString(UTF_8), err.toString(UTF_8), status);
    }

    @Test
    void aChangedFunctionIsInTheOutputAndNoOther() throws IOException, InterruptedException, MalformedElfException {
        diff(CHANGED, Map.of()).succeeds();

        assertEquals(List.of("g"), functions());
    }

    private List<String> functions() throws IOException, MalformedElfException {
        return RelocatableObject.parse(Files.readAllBytes(output())).symbols().stream()
                .filter(symbol -> symbol.isFunction() && !symbol.isUndefined())
                .map(Symbol::name)
                .toList();
    }

    @Test
    void ofFilesThatWereLinkedTogetherEachIsFound() throws IOException, InterruptedException, MalformedElfException {
        String first = """
                extern int printk(const char *text, ...);
                #ifndef CHANGE
                #define CHANGE 0
                #endif
                static __attribute__((noinline)) int same(int x) { return printk("same") + x + CHANGE; }
                int f(int x) { return same(x) + 2; }
                """;
        String second = "#ifdef PATCHED\n#define CHANGE 5\n#endif\n" + first.replace("int f", "int g");

        diff(CompiledPair.linked(directory, "gcc", first, second), Map.of()).succeeds();

        assertEquals(List.of("same"), functions());
    }

    @Test
    void theSameObjectsAreStatusThree() throws IOException, InterruptedException {
        diff("int f(int x) { return x + 1; }", Map.of()).endsWith(3);

        assertFalse(Files.exists(output()));
    }

    @Test
    void whatCannotBePatchedIsStatusOneWithTheReason() throws IOException, InterruptedException {
        diff("#ifdef PATCHED\nint x = 2;\n#else\nint x = 1;\n#endif\nint f(void) { return x; }", Map.of())
                .endsWith(1)
                .mentions("variable x in .data.x: its initial value or its size changed");
    }

    @Test
    void aSizeThatIsNoneIsToldByItsVariable() throws IOException, InterruptedException {
        diff(CHANGED, Map.of("BUG_STRUCT_SIZE", "many"))
                .endsWith(1)
                .mentions("the variable BUG_STRUCT_SIZE is 'many', which is no size");
    }

    @Test
    void everyVariableOfTheManualPageIsLookedAt() throws IOException, InterruptedException {
        List<String> variables =
                ManualPage.read(Path.of("man/kpatch-build.8")).section("ENVIRONMENT").entries().stream()
                        .flatMap(entry -> entry.tags().stream())
                        .filter(tag -> tag.endsWith("_SIZE"))
                        .toList();
        assertEquals(8, variables.size());
        for (String variable : variables) {
            diff(CHANGED, Map.of(variable, "many")).endsWith(1).mentions("the variable " + variable + " is 'many'");
        }
    }

    @Test
    void aStrippedObjectIsRefused() throws IOException, InterruptedException {
        CompiledPair pair = CompiledPair.of(directory, "gcc", CHANGED);
        pair.original().symbols().clear();
        pair.original().sections().forEach(section -> section.relocations().clear());

        diff(pair, Map.of()).endsWith(1).mentions("original.o: has no symbols");
    }

    @Test
    void aFileThatIsNoObjectIsToldByItsName() throws IOException {
        Path text = Files.writeString(directory.resolve("text.o"), "text");

        Outcome outcome = run(Map.of(), text, text, "vmlinux", text, text, "fix", output());

        assertTrue(outcome.endsWith(1).stderr().contains("text.o: is not an ELF file"), outcome::stderr);
    }
}
