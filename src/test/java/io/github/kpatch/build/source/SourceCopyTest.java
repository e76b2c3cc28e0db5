// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceCopyTest {
    private final Path from;
    private final Path to;
    private final Path list;

    SourceCopyTest(@TempDir Path directory) throws IOException {
        from = Files.createDirectories(directory.resolve("theirs"));
        to = directory.resolve("ours");
        list = directory.resolve("copied");
        put("Makefile", "VERSION = 6");
        put("fs/proc/meminfo.c", "int f;");
        put("include/asm-generic/vmlinux.lds.h", "lds");
    }

    private void put(String name, String text) throws IOException {
        Files.createDirectories(from.resolve(name).resolveSibling("."));
        Files.writeString(from.resolve(name), text);
    }

    private int refresh() {
        return new SourceCopy(from, to, list, files -> {}).refresh();
    }

    @Test
    void sourcesAreCopiedAndWhatABuildMadeIsNot() throws IOException {
        put(".git/HEAD", "ref");
        put("fs/proc/meminfo.o", "object");
        put("fs/proc/.meminfo.o.cmd", "command");
        put("include/generated/autoconf.h", "config");
        put("vmlinux", "image");
        put("kernel/time/timeconst.bc", "program");
        assertEquals(4, refresh());
        assertEquals("int f;", Files.readString(to.resolve("fs/proc/meminfo.c")));
        assertTrue(Files.exists(to.resolve("include/asm-generic/vmlinux.lds.h")));
        assertTrue(Files.exists(to.resolve("kernel/time/timeconst.bc")));
        for (String product : new String[] {".git", "fs/proc/meminfo.o", "fs/proc/.meminfo.o.cmd", "vmlinux"}) {
            assertFalse(Files.exists(to.resolve(product)), product);
        }
        assertFalse(Files.exists(to.resolve("include/generated/autoconf.h")));
    }

    @Test
    void programsAndSourcesThatABuildMadeAreNotCopiedOverOurs() throws IOException {
        put("tools/objtool/objtool", "\177ELF");
        put("scripts/basic/fixdep", "program");
        put("scripts/basic/.fixdep.cmd", "command");
        put("scripts/setlocalversion", "#!/bin/sh");
        for (String program : new String[] {"tools/objtool/objtool", "scripts/setlocalversion"}) {
            assertTrue(from.resolve(program).toFile().setExecutable(true));
        }
        Files.createSymbolicLink(from.resolve("scripts/arch"), Path.of("../fs"));
        assertEquals(5, refresh());
        assertTrue(Files.isSymbolicLink(to.resolve("scripts/arch")));
        assertTrue(Files.exists(to.resolve("scripts/setlocalversion")));
        assertFalse(Files.exists(to.resolve("tools/objtool/objtool")));
        assertFalse(Files.exists(to.resolve("scripts/basic/fixdep")));
    }

    @Test
    void laterOnlyWhatDiffersIsCopied() throws IOException {
        refresh();
        assertEquals(0, refresh());
        put("Makefile", "VERSION = 7");
        Files.setLastModifiedTime(from.resolve("Makefile"), FileTime.fromMillis(1_000));
        assertEquals(1, refresh());
        assertEquals("VERSION = 7", Files.readString(to.resolve("Makefile")));
    }

    /** As one that was put back from a backup is; make would keep what was built of it in the meantime. */
    @Test
    void aCopyIsNewWhateverTimeItsOriginalHas() throws IOException {
        refresh();
        FileTime built = Files.getLastModifiedTime(to.resolve("Makefile"));
        put("Makefile", "VERSION = 5.19");
        Files.setLastModifiedTime(from.resolve("Makefile"), FileTime.fromMillis(1_000));
        assertEquals(1, refresh());
        assertTrue(Files.getLastModifiedTime(to.resolve("Makefile")).compareTo(built) >= 0);
        assertEquals(0, refresh());
    }

    @Test
    void aFileThatWasChangedInTheCopyIsAsItWasAgain() throws IOException {
        refresh();
        Path copy = Files.writeString(to.resolve("fs/proc/meminfo.c"), "int g;");
        Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000)); // the clock of file systems ticks in milliseconds
        assertEquals(1, refresh());
        assertEquals("int f;", Files.readString(to.resolve("fs/proc/meminfo.c")));
    }

    /** Java 17 sets times in microseconds, as where patches are taken back. */
    @Test
    void aCopyThatWasPutBackWithItsTimeStays() throws IOException {
        refresh();
        Path copy = to.resolve("fs/proc/meminfo.c");
        long micros = Files.getLastModifiedTime(copy).to(TimeUnit.MICROSECONDS);
        Files.setLastModifiedTime(copy, FileTime.from(micros, TimeUnit.MICROSECONDS));
        assertEquals(0, refresh());
    }

    @Test
    void whatIsGoneThereGoesHereAndWhatWasBuiltHereStays() throws IOException {
        refresh();
        Files.writeString(to.resolve("fs/proc/built-here"), "program");
        Files.delete(from.resolve("fs/proc/meminfo.c"));
        assertEquals(1, refresh());
        assertFalse(Files.exists(to.resolve("fs/proc/meminfo.c")));
        assertTrue(Files.exists(to.resolve("fs/proc/built-here")));
    }

    @Test
    void namesOfTwoLinesAreNoOthersThatAreGone() throws Exception {
        Path ours = Files.writeString(to.resolveSibling("ours-too"), "text");
        Files.createFile(from.resolve("fs\nx"));
        Files.createFile(from.resolve("..\nx"));
        Files.createFile(from.resolve("\nx"));
        String[] link = {
            "ln", "-s", "x\ny//../ours-too\nz", from.resolve("link").toString()
        };
        assertEquals(0, new ProcessBuilder(link).start().waitFor()); // Java's own would fold the slashes
        refresh();
        assertEquals(0, refresh());
        assertTrue(Files.exists(ours));
        assertTrue(Files.exists(to.resolve("fs/proc/meminfo.c")));
    }

    @Test
    void aListThatWasTamperedWithLeadsNowhereElse() throws IOException {
        Path ours = Files.writeString(to.resolveSibling("ours-too"), "text");
        Files.createDirectories(to);
        Files.writeString(list, "../ours-too\0" + "1 1\0" + ours + "\0" + "1 1\0" + "\0" + "1 1\0");
        refresh();
        assertTrue(Files.exists(ours));
        assertTrue(Files.exists(to.resolve("Makefile")));
    }

    @Test
    void linksStayLinks() throws IOException {
        Files.createSymbolicLink(from.resolve("link"), Path.of("Makefile"));
        refresh();
        assertEquals(Path.of("Makefile"), Files.readSymbolicLink(to.resolve("link")));
        Files.delete(from.resolve("link"));
        Files.createSymbolicLink(from.resolve("link"), Path.of("fs/proc1"));
        assertEquals(1, refresh());
        assertEquals(Path.of("fs/proc1"), Files.readSymbolicLink(to.resolve("link")));
        assertEquals(0, refresh());
    }

    @Test
    void theTreeThatIsCopiedStaysAsItIs() throws IOException {
        FileTime before = Files.getLastModifiedTime(from);
        refresh();
        assertEquals(before, Files.getLastModifiedTime(from));
    }
}
