// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.elf.ElfObject;
import io.github.kpatch.elf.ElfSection;
import io.github.kpatch.elf.ElfSymbol;
import io.github.kpatch.elf.SymbolTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects that gcc compiles and ld links: a kernel and a module of a few files that all have the same static names, with
 * others between them, and each of these objects anew, as a patch module's objects are compiled.
 */
class LinkedParentTest {
    private static final int FILES = 5;

    private static final String SOURCE = """
            #define KEEP __attribute__((noinline, used))
            static int counter = NUMBER;
            int DATA = NUMBER;
            static KEEP int show(int x) { return x * NUMBER + counter++; }
            static KEEP int store(int x) { return show(x) - NUMBER; }
            static KEEP __attribute__((section(".init.text"))) int init(void) { return show(NUMBER); }
            int NAME(int x) { static int calls = NUMBER; return init() + store(x) + calls++; }
            __attribute__((section(".init.text"))) int INIT(void) { return init(); }
            """;

    private static final String BETWEEN = """
            static __attribute__((used)) int NAME = 1;
            static __attribute__((used)) void NAME_text(void) {}
            static __attribute__((used, section(".init.text"))) void NAME_init(void) {}
            """;

    private final Path directory;

    LinkedParentTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
        return output;
    }

    @BeforeEach
    void compileAndLink() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("core.c"), SOURCE);
        List<String> objects = new ArrayList<>();
        for (int i = 1; i <= FILES; i++) {
            String macros = String.format("-DNUMBER=%d00 -DNAME=entry%d -DINIT=init%d -DDATA=data%d", i, i, i, i);
            run("sh", "-c", "gcc -O2 -c core.c -o " + i + ".o " + macros);
            run("sh", "-c", "gcc -O2 -ffunction-sections -fdata-sections -c core.c -o new" + i + ".o " + macros);
            Files.writeString(directory.resolve("between" + i + ".c"), BETWEEN.replace("NAME", "between" + i));
            run("gcc", "-O2", "-c", "between" + i + ".c");
            objects.add(i + ".o between" + i + ".o");
        }
        String all = String.join(" ", objects);
        run("sh", "-c", "ld -o vmlinux -e 0 " + all + " && ld -r -o module.ko " + all);
        run("sh", "-c", "nm -n vmlinux >System.map && strip --strip-debug -o stripped.ko module.ko");
    }

    private ObjectSymbols object(ParentSymbols parent, int number) throws Exception {
        ElfObject elf = ElfObject.parse(Files.readAllBytes(directory.resolve("new" + number + ".o")));
        SymbolTable table = elf.symbols().orElseThrow();
        List<ObjectSymbol> defined = new ArrayList<>();
        for (int i = 1; i < table.size(); i++) {
            ElfSymbol symbol = table.get(i);
            ElfSection section = elf.section(symbol.section());
            if (symbol.section() != 0 && symbol.type() != ElfSymbol.STT_SECTION) {
                defined.add(new ObjectSymbol(
                        table.nameOf(symbol, 100),
                        symbol.binding() == 0,
                        symbol.type() == ElfSymbol.STT_FUNC,
                        symbol.size(),
                        elf.nameOf(section, 100)));
            }
        }
        return parent.of(defined, Optional.of("core.c"));
    }

    /** Objects are linked in their order, so the n-th has the n-th of each name. */
    private void assertEachHasItsOwn(ParentSymbols parent) throws Exception {
        for (int i = 1; i <= FILES; i++) {
            ObjectSymbols object = object(parent, i);
            for (String name : List.of("show", "store", "init", "counter", "calls.0")) {
                assertEquals(new Position.At(i), object.position(name, true), name + " of " + i);
            }
            assertEquals(new Position.At(0), object.position("entry" + i, false));
        }
    }

    @Test
    void aSystemMapIsEnough() throws Exception {
        String map = Files.readString(directory.resolve("System.map"));
        assertEachHasItsOwn(ParentSymbols.ofKernel(SymbolText.of(map).symbols()));
    }

    @Test
    void soIsAVmlinuxOrWhatReadelfSaysOfIt() throws Exception {
        assertEachHasItsOwn(KernelImage.read(directory.resolve("vmlinux"), packed -> {
                    throw new IOException("nothing here is compressed");
                })
                .symbols());
        assertEachHasItsOwn(ParentSymbols.ofReadelf(run("readelf", "-s", "--wide", "vmlinux"), true));
    }

    @Test
    void aModuleIsEnoughEvenWithoutTheNamesOfItsFiles() throws Exception {
        assertEachHasItsOwn(ParentSymbols.ofModule(Files.readAllBytes(directory.resolve("module.ko"))));
        assertEachHasItsOwn(ParentSymbols.ofModule(Files.readAllBytes(directory.resolve("stripped.ko"))));
        assertTrue(!run("readelf", "-s", "--wide", "stripped.ko").contains(" FILE "));
        assertEachHasItsOwn(ParentSymbols.ofReadelf(run("readelf", "-s", "--wide", "module.ko"), false));
    }
}
