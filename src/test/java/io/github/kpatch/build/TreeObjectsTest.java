// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.build.AffectedFinder.Affected;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.kernel.SystemTools;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

/** In sentences, on a small kernel, whose Makefiles the machine's own make reads. */
class TreeObjectsTest {
    private final Path tree;

    TreeObjectsTest(@TempDir Path directory) {
        tree = directory.resolve("linux");
        put("include/config/auto.conf", "CONFIG_MODULES=y\n");
        put("scripts/Kbuild.include", "comma := ,\n");
        put("Kbuild", "obj-y += fs/\n");
        put("arch/x86/Makefile", "all: bzImage\n");
        put("fs/Makefile", "obj-y += open.o read.o\n");
        put("fs/open.c", "#include \"fs.h\"\n");
        put("fs/read.c", "#include \"fs.h\"\n");
        put("fs/fs.h", "");
    }

    private void put(String name, String text) {
        Disk.write(tree.resolve(name), text);
    }

    private Affected of(String... files) {
        return new TreeObjects(new SystemTools("/usr/bin:/bin", NOPLogger.NOP_LOGGER)).of(tree, List.of(files));
    }

    @Test
    void howManyObjectsAHeaderAffectsIsSaid() {
        assertEquals(List.of("2 objects may be affected"), of("fs/fs.h").notes());
        assertEquals(List.of(), of("fs/open.c").notes());
    }

    @Test
    void thatTheyAreManyIsSaid() {
        put(
                "fs/Makefile",
                IntStream.range(0, 501)
                        .mapToObj(number -> "obj-y += many" + number + ".o\n")
                        .collect(Collectors.joining()));
        IntStream.range(0, 501).forEach(number -> put("fs/many" + number + ".c", "#include \"fs.h\"\n"));
        assertEquals(
                List.of(
                        "501 objects may be affected, and it takes long to compile so many (--full-build compiles the whole"
                                + " kernel, and has make say which are)"),
                of("fs/fs.h").notes());
    }

    @Test
    void whatIsInRustCannotBePatchedInAKernelThatHasIt() {
        assertEquals(
                List.of("fs/driver.rs: is not compiled"), of("fs/driver.rs").ignored());
        put(".config", "CONFIG_RUST=y\n");
        assertEquals(
                List.of("fs/driver.rs: is in Rust, and only functions in C can be patched"),
                of("fs/driver.rs").refusals());
    }

    @Test
    void whatTellsHowTheKernelIsBuiltIsLeftToAFullBuild() {
        assertEquals(
                List.of("fs/Makefile: tells how the kernel is built, and only --full-build follows that"),
                of("fs/Makefile").ignored());
    }
}
