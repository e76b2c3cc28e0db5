// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandFileTest {
    private static final CommandFile MEMINFO = new CommandFile("""
            savedcmd_fs/proc/meminfo.o := gcc-12 -DKBUILD_MODFILE='"fs/proc/proc"' -DKBUILD_BASENAME='"meminfo"' -DKBUILD_MODNAME='"proc"' -c -o fs/proc/meminfo.o fs/proc/meminfo.c   ; ./tools/objtool/objtool --orc fs/proc/meminfo.o

            source_fs/proc/meminfo.o := fs/proc/meminfo.c

            deps_fs/proc/meminfo.o := \\
                $(wildcard include/config/CMA) \\
              include/linux/compiler-version.h \\
              /usr/lib/gcc/x86_64-linux-gnu/12/include/stdarg.h \\

            fs/proc/meminfo.o: $(deps_fs/proc/meminfo.o)

            $(deps_fs/proc/meminfo.o):
            """);

    private static final CommandFile INODE = new CommandFile(
            "cmd_fs/ext4/inode.o := gcc -DMODULE  -DKBUILD_BASENAME='\"inode\"' -DKBUILD_MODNAME='\"ext4\"' -c -o a.o a.c\n");

    @Test
    void theFilesThatWereReadAreTheSourceAndWhatItIncludes() {
        assertEquals(
                List.of(
                        "fs/proc/meminfo.c",
                        "include/linux/compiler-version.h",
                        "/usr/lib/gcc/x86_64-linux-gnu/12/include/stdarg.h"),
                MEMINFO.dependencies());
    }

    @Test
    void anObjectIsPartOfTheKernelOrOfAModuleByItsNameThere() {
        assertEquals(Optional.empty(), MEMINFO.module());
        assertEquals(Optional.of("ext4"), INODE.module());
    }

    @Test
    void whetherObjtoolRanIsInTheCommand() {
        assertTrue(MEMINFO.isChecked());
        assertFalse(INODE.isChecked());
    }

    @Test
    void itLiesBesideTheObject() {
        assertEquals(Path.of("fs/proc/.meminfo.o.cmd"), CommandFile.of(Path.of("fs/proc/meminfo.o")));
    }
}
