// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.source.KernelObject.KernelModule;
import io.github.kpatch.build.source.KernelObject.Kind;
import io.github.kpatch.failure.KpatchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small kernel, whose Makefiles the machine's own make reads. */
class ObjectFinderTest {
    private final Path tree;
    private final Path cache;
    private int runs;

    ObjectFinderTest(@TempDir Path directory) throws IOException {
        tree = directory.resolve("linux");
        cache = directory.resolve("cache");
        file("include/config/auto.conf", "CONFIG_MODULES=y\nCONFIG_A=y\nCONFIG_M=m\n");
        file("scripts/Kbuild.include", "comma := ,\n");
        file("Kbuild", "obj-y += fs/\nobj-y += $(ARCH_CORE)\nobj-y += $(ARCH_LIB)\nobj-$(CONFIG_NO) += no/\n");
        file("arch/x86/Makefile", "all: bzImage\ncore-y += arch/x86/\nlibs-y += arch/x86/lib/\n");
        file("arch/x86/Kbuild", "obj-y += kernel/ entry/\n");
        file("arch/x86/kernel/Makefile", "obj-y += head.o\n");
        file("arch/x86/entry/Makefile", "obj-y += vdso/\n");
        file("arch/x86/lib/Makefile", "lib-y += copy.o\n");
        file("lib/Makefile", "obj-y += sort.o\nlib-y += string.o\n");
        file("fs/Makefile", "obj-y += open.o\nobj-$(CONFIG_A) += ext/\nobj-$(CONFIG_M) += mod/\n");
        for (String source :
                List.of("fs/open.c", "lib/sort.c", "lib/string.c", "arch/x86/kernel/head.S", "arch/x86/lib/copy.S")) {
            file(source);
        }
    }

    private void file(String name, String... lines) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, String.join("\n", lines));
    }

    private int run(List<String> command, Path directory, Consumer<String> line) {
        runs++;
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = process.inputReader()) {
                lines.lines().forEach(line);
            }
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private AffectedObjects affected(String... changed) {
        return new ObjectFinder(tree, "x86", cache, this::run).affectedBy(List.of(changed));
    }

    private List<String> paths(String... changed) {
        return affected(changed).objects().stream().map(KernelObject::path).toList();
    }

    private static KernelModule module(String name, String file) {
        return new KernelModule(name, file);
    }

    @Test
    void anObjectIsBuiltInOrInItsModule() throws IOException {
        file(
                "fs/mod/Makefile",
                "obj-$(CONFIG_M) += big-mod.o small.o",
                "obj-$(CONFIG_NO) += no.o",
                "big-mod-y := main.o",
                "big-mod-$(CONFIG_A) += sub/more.o",
                "big-mod-$(CONFIG_NO) += no.o");
        for (String name : List.of("main", "sub/more", "small", "no")) {
            file("fs/mod/" + name + ".c");
        }
        Set<KernelModule> big = Set.of(module("big_mod", "fs/mod/big-mod.ko"));
        AffectedObjects affected =
                affected("fs/mod/main.c", "fs/mod/sub/more.c", "fs/mod/small.c", "fs/mod/no.c", "fs/open.c");
        assertEquals(
                List.of(
                        new KernelObject("fs/mod/main.o", "fs/mod/main.o", Kind.C, big),
                        new KernelObject(
                                "fs/mod/small.o", "fs/mod/small.o", Kind.C, Set.of(module("small", "fs/mod/small.ko"))),
                        new KernelObject("fs/mod/sub/more.o", "fs/mod/sub/more.o", Kind.C, big),
                        new KernelObject("fs/open.o", "fs/open.o", Kind.C, Set.of())),
                affected.objects());
        assertEquals(List.of("fs/mod/no.c"), affected.notBuilt());
    }

    @Test
    void makeIsAskedByTheDirectoryThatHasTheObject() throws IOException {
        file("fs/mod/Makefile", "V := ../../virt", "obj-m += kvm.o", "kvm-y += $(V)/main.o");
        file("virt/main.c");
        assertEquals(
                List.of(new KernelObject(
                        "virt/main.o", "fs/mod/../../virt/main.o", Kind.C, Set.of(module("kvm", "fs/mod/kvm.ko")))),
                affected("virt/main.c").objects());
    }

    @Test
    void oneDirectoryDoesNotKnowTheVariablesOfAnother() throws IOException {
        file("fs/ext/Makefile", "obj-$(CONFIG_NO) += core.o", "core-y += ext.o", "ccflags-y += -DX");
        file("fs/mod/Makefile", "obj-m += core.o", "core-y += mod.o", "ifdef ccflags-y", "obj-m += leak.o", "endif");
        file("fs/ext/ext.c");
        file("fs/mod/mod.c");
        file("fs/mod/leak.c");
        assertEquals(List.of("fs/mod/mod.o"), paths("fs/ext/ext.c", "fs/mod/mod.c", "fs/mod/leak.c"));
    }

    @Test
    void whatIsBuiltInBelowADirectoryOfModulesIsNotLinked() throws IOException {
        file("fs/mod/Makefile", "obj-y += builtin.o", "obj-m += mod.o");
        file("fs/mod/builtin.c");
        file("fs/mod/mod.c");
        assertEquals(List.of("fs/mod/mod.o"), paths("fs/mod/builtin.c", "fs/mod/mod.c"));
    }

    @Test
    void aHeaderAffectsAllThatIncludeItDirectlyOrNot() throws IOException {
        file("fs/ext/Makefile", "obj-y += a.o b.o c.o d.o", "ccflags-y += -I $(srctree)/drivers/x");
        file("include/linux/deep.h");
        file("include/linux/fs.h", "#include <linux/deep.h>");
        file("arch/x86/include/asm/page.h", "#include \"local.h\"");
        file("arch/x86/include/asm/local.h", "#include <linux/deep.h>");
        file("fs/ext/local.h");
        file("drivers/x/odd.h", "#include <linux/fs.h>");
        file("fs/ext/a.c", "#include <linux/fs.h>");
        file("fs/ext/b.c", "#include <asm/page.h>");
        file("fs/ext/c.c", "#include \"odd.h\"");
        file("fs/ext/d.c", "#include \"local.h\"");
        assertEquals(List.of("fs/ext/a.o", "fs/ext/b.o", "fs/ext/c.o"), paths("include/linux/deep.h"));
        assertEquals(List.of("fs/ext/b.o"), paths("arch/x86/include/asm/local.h"));
        assertEquals(List.of("fs/ext/d.o"), paths("fs/ext/local.h"));
        assertEquals(List.of("fs/ext/c.o"), paths("drivers/x/odd.h"));
    }

    @Test
    void aHeaderThatTheCompilerAlwaysIncludesAffectsAll() throws IOException {
        file("include/linux/compiler_types.h", "#include <linux/compiler_attributes.h>");
        file("include/linux/compiler_attributes.h");
        assertEquals(List.of("fs/open.o", "lib/sort.o"), paths("include/linux/compiler_attributes.h"));
    }

    @Test
    void aFileMayBeIncludedByAnotherOne() throws IOException {
        file("fs/open.c", "#include \"../lib/part.c\"");
        file("lib/sort.c", "#define PART \"part.c\"", "#include PART");
        file("lib/part.c");
        assertEquals(List.of("fs/open.o", "lib/sort.o"), paths("lib/part.c"));
    }

    @Test
    void aHeaderThatIsNotThereAnyMoreAffectsWhoeverIncludesOneOfItsName() throws IOException {
        file("fs/open.c", "#include <linux/gone.h>");
        file("lib/sort.c", "#include <net/gone.h>");
        assertEquals(List.of("fs/open.o"), paths("include/linux/gone.h"));
    }

    @Test
    void whatCannotBePatchedIsSaidToBeSo() throws IOException {
        file("include/linux/all.h");
        String include = "#include <linux/all.h>";
        file("fs/open.c", include);
        file("lib/string.c", include);
        file("arch/x86/kernel/head.S", include);
        file("arch/x86/entry/vdso/Makefile", "obj-y += vma.o vdso-image.o");
        file("arch/x86/entry/vdso/vma.c");
        file("arch/x86/entry/vdso/clock.c", include);
        file("arch/x86/boot/main.c");
        AffectedObjects affected = affected(
                "include/linux/all.h",
                "lib/string.c",
                "arch/x86/lib/copy.S",
                "arch/x86/boot/main.c",
                "arch/x86/entry/vdso/vma.c");
        assertEquals(
                List.of("arch/x86/entry/vdso/vma.o", "fs/open.o"),
                affected.objects().stream().map(KernelObject::path).toList());
        assertEquals(
                List.of(
                        "arch/x86/boot/main.o OUTSIDE true",
                        "arch/x86/entry/vdso/clock.o OUTSIDE false",
                        "arch/x86/kernel/head.o ASSEMBLER false",
                        "arch/x86/lib/copy.o LIBRARY_MEMBER true",
                        "lib/string.o LIBRARY_MEMBER true"),
                affected.unpatchable().stream()
                        .map(found ->
                                found.object().path() + ' ' + found.object().kind() + ' ' + found.itself())
                        .sorted()
                        .toList());
    }

    @Test
    void anObjectWhoseSourceIsMadeFirstIsAffectedWithItsNeighbours() throws IOException {
        file("fs/ext/Makefile", "obj-y += table.o user.o");
        file("fs/ext/user.c", "#include \"user.h\"");
        file("fs/ext/user.h");
        assertEquals(List.of("fs/ext/table.o", "fs/ext/user.o"), paths("fs/ext/user.h"));
        assertEquals(List.of("fs/open.o"), paths("fs/open.c"));
    }

    @Test
    void anObjectThatIsInRustIsNot() throws IOException {
        file("fs/ext/Makefile", "obj-y += main.o driver.o");
        file("fs/ext/main.c");
        file("fs/ext/driver.rs");
        assertEquals(List.of("fs/ext/main.o"), paths("fs/ext/main.c"));
        assertEquals(List.of("fs/ext/driver.rs"), affected("fs/ext/driver.rs").others());
    }

    @Test
    void changedFilesThatNoObjectIsMadeFromAreTold() {
        AffectedObjects affected = affected("Documentation/x.rst", "fs/Kconfig", "no/no.c");
        assertEquals(List.of("Documentation/x.rst"), affected.others());
        assertEquals(List.of("fs/Kconfig"), affected.makefiles());
        assertEquals(List.of("no/no.c"), affected.notBuilt());
        assertEquals(List.of(), affected.objects());
    }

    @Test
    void whatWasFoundIsKeptUntilAFileChanges() throws IOException {
        assertEquals(List.of("fs/open.o"), paths("fs/open.c"));
        assertEquals(List.of("fs/open.o"), paths("fs/open.c"));
        assertEquals(1, runs);
        file("fs/open.c", "#include \"new.h\"");
        file("fs/new.h");
        assertEquals(List.of("fs/open.o"), paths("fs/new.h"));
        assertEquals(1, runs);
        file("fs/Makefile", "obj-y += other.o");
        file("fs/other.c");
        assertEquals(List.of("fs/other.o"), paths("fs/open.c", "fs/other.c"));
        assertEquals(2, runs);
        Files.writeString(cache.resolve("objects"), "damaged");
        Files.writeString(cache.resolve("includes"), "damaged");
        assertEquals(List.of("fs/other.o"), paths("fs/open.c", "fs/other.c"));
        assertEquals(3, runs);
    }

    @Test
    void aTreeThatMakeCannotReadIsRefusedWithWhatItSays() throws IOException {
        file("fs/Makefile", "$(error out of order)");
        KpatchException failure = assertThrows(KpatchException.class, () -> affected("fs/open.c"));
        assertTrue(failure.sentence().contains("make cannot read its Makefiles (exit status 2)"), failure.sentence());
        assertTrue(
                failure.evidence().toString().contains("out of order"),
                () -> failure.evidence().toString());
        Files.delete(tree.resolve("include/config/auto.conf"));
        KpatchException unconfigured = assertThrows(KpatchException.class, () -> affected("fs/open.c"));
        assertTrue(unconfigured.sentence().contains("has no .config"), unconfigured.sentence());
    }
}
