// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.diff.Difference;
import io.github.kpatch.build.diff.ObjectDiff;
import io.github.kpatch.build.diff.Parent;
import io.github.kpatch.build.diff.x86.X86;
import io.github.kpatch.build.patch.Journal;
import io.github.kpatch.build.patch.PatchPlan;
import io.github.kpatch.build.patch.SourcePatch;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.testing.CompiledPair;
import io.github.kpatch.testing.ManualPage;
import io.github.kpatch.testing.OptionNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the guide for authors of patches against the program. */
class PatchAuthorGuideTest {
    /** The end of the file that the example changes, and what it uses of the kernel's headers. */
    private static final String PIPE = """
            static unsigned int pipe_max_size = 1048576;
            unsigned int *pipe_sysctl(void) { return &pipe_max_size; }
            #define fs_initcall(fn) extern int fn(void)
            fs_initcall(init_pipe_fs);
            """;

    private static final String COMPILER_H = """
            #define __used __attribute__((used))
            #define __section(name) __attribute__((section(name)))
            #define WRITE_ONCE(x, value) (*(volatile typeof(x) *)&(x) = (value))
            """;

    private static final String LIVEPATCH_H = """
            struct klp_object;
            #define GFP_KERNEL 0xcc0
            #define NULL ((void *)0)
            void *klp_shadow_get(void *obj, unsigned long id);
            void *klp_shadow_get_or_alloc(void *obj, unsigned long id, unsigned long size, unsigned int flags,
                                          int (*ctor)(void *, void *, void *), void *ctor_data);
            void klp_shadow_free(void *obj, unsigned long id, void (*dtor)(void *, void *));
            """;

    private final ManualPage guide = ManualPage.read(Path.of("man/kpatch-patch-author.7"));
    private final Path macros = Path.of("src/main/resources/io/github/kpatch/build/kbuild/kpatch-macros.h");
    private final Path directory;

    PatchAuthorGuideTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
    }

    @Test
    void everyRefusalThatIsExplainedIsOneThatTheProgramSays() throws IOException {
        String program = sentences();
        List<String> explained = guide.subsections("WHAT IS REFUSED, AND WHAT TO DO").stream()
                .flatMap(section -> section.entries().stream())
                .flatMap(entry -> entry.tags().stream())
                .toList();
        assertTrue(explained.size() >= 17, explained::toString);
        for (String sentence : explained) {
            for (String part : sentence.split("\\(?(?<![a-z])[A-Z]{3,}\\)?", -1)) {
                assertTrue(program.contains(part.strip()), () -> "'" + part + "' of '" + sentence + "'");
            }
        }
    }

    /** What stands between quotation marks in the program's source, put together again where it is broken in two. */
    private static String sentences() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/io/github/kpatch/build"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                text.append(Disk.text(file));
            }
        }
        return text.toString().replaceAll("\"\\s*\\+\\s*\"", "");
    }

    @Test
    void everyMacroOfTheHeaderIsExplainedAndNoOther() {
        Set<String> defined = OptionNames.find(Pattern.compile("(?<=#define )KPATCH_[A-Z_]+"), Disk.text(macros));
        Set<String> explained = new TreeSet<>();
        for (ManualPage.Section section : Stream.concat(
                        guide.subsections("CHANGED DATA").stream(),
                        Stream.of(guide.section("TELLING KPATCH-BUILD WHAT TO LEAVE OUT")))
                .toList()) {
            section.entries()
                    .forEach(entry -> entry.tags().forEach(tag -> explained.add(tag.substring(0, tag.indexOf('(')))));
        }
        assertEquals(defined, explained);
    }

    @Test
    void theExampleAppliesAndCompilesAndHasItsCallbacks() {
        Difference difference = differenceOfTheExample();

        assertEquals(List.of(), difference.refusals());
        assertEquals(List.of(), difference.changed());
        assertEquals(List.of("keep_pipe_max_size", "lower_pipe_max_size", "restore_pipe_max_size"), difference.added());
        assertEquals(2, difference.output().orElseThrow().callbacks().size());
    }

    private Difference differenceOfTheExample() {
        Path tree = directory.resolve("tree");
        Path source = tree.resolve("fs/pipe.c");
        Disk.write(source, PIPE);
        byte[] example = (String.join("\n", example()) + "\n").getBytes(StandardCharsets.UTF_8);
        SourcePatch patch = SourcePatch.parse("example.patch", example);
        new Journal(tree, directory.resolve("restore")).apply(PatchPlan.of(tree, List.of(patch)));
        String patched = Disk.text(source).replace("#include \"kpatch-macros.h\"", headers());

        CompiledPair pair = CompiledPair.of(directory, "gcc", PIPE, patched);
        Parent parent = new Parent(
                "vmlinux",
                symbol -> new Parent.Place(1, 0),
                name -> Optional.of("vmlinux").filter(v -> name.startsWith("klp_")));
        return ObjectDiff.of(pair.original(), pair.patched(), parent, new X86(Map.of()));
    }

    private List<String> example() {
        List<String> lines = guide.subsections("CHANGED DATA").stream()
                .filter(section -> section.subtitle().equals("An example"))
                .findFirst()
                .orElseThrow()
                .verbatim();
        assertTrue(lines.size() > 25, lines::toString);
        return lines;
    }

    private String headers() {
        return COMPILER_H + LIVEPATCH_H + Disk.text(macros).replaceAll("#include <[^>]*>", "");
    }
}
