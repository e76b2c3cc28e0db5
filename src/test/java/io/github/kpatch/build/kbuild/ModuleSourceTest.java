// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.kbuild.ModuleParts.Modinfo;
import io.github.kpatch.build.kbuild.ModuleParts.Part;
import io.github.kpatch.build.source.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The C source that makes a livepatch of a module's parts, compiled by gcc for this machine, with a few lines in place
 * of the kernel's headers whose klp_enable_patch() prints what it is given.
 */
class ModuleSourceTest {
    private static final String KERNEL = """
            #pragma once
            #include <stdio.h>
            #include <stdbool.h>
            #include <string.h>
            #define EINVAL 22
            #define __init
            #define __exit
            #define __initconst
            #define __used __attribute__((used))
            #define __section(name) __attribute__((section(name)))
            #define THIS_MODULE NULL
            #define pr_err(...) printf("error: " __VA_ARGS__)
            #define module_init(f) int main(void) { int ret = f(); if (ret) printf("= %d\\n", ret); return 0; }
            #define module_exit(f) void *unused_exit = f;
            #define MODULE_LICENSE(text)
            #define JOIN_(a, b) a##b
            #define JOIN(a, b) JOIN_(a, b)
            #define MODULE_INFO(key, text) static const char JOIN(modinfo, __COUNTER__)[] __used = #key "=" text
            struct module;
            struct klp_object;
            struct klp_callbacks {
                int (*pre_patch)(struct klp_object *);
                void (*post_patch)(struct klp_object *), (*pre_unpatch)(struct klp_object *),
                    (*post_unpatch)(struct klp_object *);
            };
            struct klp_func { const char *old_name; void *new_func; unsigned long old_sympos; };
            struct klp_object { const char *name; struct klp_func *funcs; struct klp_callbacks callbacks; };
            struct klp_patch { struct module *mod; struct klp_object *objs; bool replace; };
            static inline int klp_enable_patch(struct klp_patch *patch)
            {
                printf("replace %d\\n", patch->replace);
                for (struct klp_object *o = patch->objs; o->funcs; o++) {
                    struct klp_callbacks *c = &o->callbacks;
                    printf("%s callbacks %d%d%d%d\\n", o->name ? o->name : "-", !!c->pre_patch, !!c->post_patch,
                           !!c->pre_unpatch, !!c->post_unpatch);
                    for (struct klp_func *f = o->funcs; f->old_name; f++)
                        printf(" %s %lx %lu\\n", f->old_name, (unsigned long)f->new_func, f->old_sympos);
                }
                return 0;
            }
            """;

    private static final String TABLES = """
            struct func { unsigned long new_addr, new_size, old_addr, old_size, sympos; const char *name, *objname; };
            const struct func kpatch_funcs_0[] = {{0x10, 1, 0, 1, 0, "a", "vmlinux"}, {0x11, 1, 0, 1, 2, "b", "vmlinux"}};
            const struct func kpatch_funcs_1[] = {{0x20, 1, 0, 1, 1, "c", "ext4"}};
            const struct func kpatch_funcs_2[] = {{0x30, 1, 0, 1, 0, "d", "vmlinux"}};
            struct callback { unsigned long kind; void *fn; const char *objname; };
            const struct callback kpatch_callbacks_0[] = {{0, "", "vmlinux"}, {3, "", "vmlinux"}};
            const struct callback kpatch_callbacks_1[] = {{1, "", "ext4"}};
            const struct callback kpatch_callbacks_2[] = {{2, "", "vmlinux"}};
            const struct callback kpatch_callbacks_3[] = {{2, "", "vmlinux"}};
            """;

    private final Path directory;

    ModuleSourceTest(@TempDir Path directory) {
        this.directory = directory;
        for (String header : List.of("init", "kernel", "livepatch", "module", "string")) {
            Disk.write(directory.resolve("linux/" + header + ".h"), "#include \"../stubs.h\"\n");
        }
        Disk.write(directory.resolve("stubs.h"), KERNEL);
        Disk.write(directory.resolve("tables.c"), TABLES);
        Disk.write(directory.resolve("kpatch-module.c"), TreePreparation.resource("kpatch-module.c"));
    }

    private static Part part(String parent, int functions, int callbacks) {
        return new Part(Path.of("unused"), parent, functions, callbacks);
    }

    private ModuleParts parts(Part... parts) {
        return new ModuleParts(
                new PatchName("livepatch-a"),
                true,
                List.of(parts),
                "abc",
                List.of(new Modinfo("cve", "CVE-2024-1086"), new Modinfo("description", "a \"b\" \\ ??! é\nc")));
    }

    private List<String> run(ModuleParts parts) throws Exception {
        Disk.write(directory.resolve("kpatch-tables.h"), parts.header().getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of(),
                output("gcc", "-Wall", "-Werror", "-std=gnu11", "-I.", "-o", "program", "kpatch-module.c", "tables.c"));
        return output("./program");
    }

    private List<String> output(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList());
        int status = process.waitFor();
        if (status != 0) {
            lines.add("status " + status);
        }
        return lines;
    }

    @Test
    void functionsOfOneObjectComeTogetherFromAllParts() throws Exception {
        assertEquals(
                List.of(
                        "replace 1",
                        "- callbacks 1011",
                        " a 10 0",
                        " b 11 2",
                        " d 30 0",
                        "ext4 callbacks 0100",
                        " c 20 1"),
                run(parts(part("vmlinux", 2, 2), part("ext4", 1, 1), part("vmlinux", 1, 1))));
    }

    @Test
    void anObjectMayHaveCallbacksAndNoFunctions() throws Exception {
        assertEquals(List.of("replace 1", "- callbacks 1001"), run(parts(part("vmlinux", 0, 2))));
    }

    @Test
    void twoCallbacksOfOneKindForAnObjectAreRefused() throws Exception {
        assertEquals(
                List.of("error: two callbacks of one kind for vmlinux", "= -22"),
                run(parts(part("vmlinux", 1, 0), part("ext4", 1, 0), part("vmlinux", 0, 1), part("vmlinux", 0, 1))));
    }

    @Test
    void patchesThatAreLoadedStayIfThatIsWanted() throws Exception {
        ModuleParts parts = parts(part("vmlinux", 1, 0));
        ModuleParts beside = new ModuleParts(parts.name(), false, parts.parts(), "abc", List.of());
        assertEquals(List.of("replace 0", "- callbacks 0000", " a 10 0"), run(beside));
    }

    @Test
    void whatTheModuleSaysOfItselfArrivesWhole() throws Exception {
        run(parts(part("vmlinux", 1, 0)));
        String program = new String(Disk.read(directory.resolve("program")), StandardCharsets.UTF_8);
        assertTrue(program.contains("cve=CVE-2024-1086\0"));
        assertTrue(program.contains("description=a \"b\" \\ ??! é c\0"));
        assertTrue(program.contains("\0abc\0"));
    }
}
