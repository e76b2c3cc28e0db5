// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Sources are afterwards what they were before, whatever comes in between. */
class KpatchBuildSafetyIT {
    /** One will do for this; Debian 12 has its compiler. */
    private static final String KERNEL = "6.1";

    private static final String ANOTHER_COMPILER = """
            #!/bin/sh
            if [ "$1" = --version ]; then
                /usr/bin/gcc-12 --version | sed s/deb12u1/deb12u9/
            else
                exec /usr/bin/gcc-12 "$@"
            fi
            """;

    private final BuildHost host = BuildHost.of(KERNEL);

    /** Beside what else is built: it is gigabytes. */
    static final class InTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            return Files.createTempDirectory(Path.of("target/it"), "own-tree").toAbsolutePath();
        }
    }

    @TempDir(factory = InTarget.class)
    static Path directory;

    @BeforeAll
    static void unpack() throws Exception {
        BuildHost.of(KERNEL).unpackSources(Files.createDirectory(own()));
    }

    private static Path own() {
        return directory.resolve("own");
    }

    private ProcessBuilder build(String patch, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-s", own().toString(), "--name", "kpt_own_tree"));
        arguments.addAll(List.of(options));
        arguments.add(host.patch(patch).toString());
        return host.command(directory.resolve("home"), arguments.toArray(String[]::new));
    }

    private Outcome built(ProcessBuilder build) {
        Outcome built = host.run(build);
        assertEquals(0, built.status(), built::toString);
        return built;
    }

    @Test
    void theNextRunMendsWhatAKilledOneLeftAndTheTreeOfTheAdministratorStaysAsItIs() throws Exception {
        Map<String, String> before = contents(own());
        built(build("meminfo-string"));
        assertEquals(before, contents(own()));

        Path original = own().resolve("fs/proc/base.c");
        Path changed = host.tree(directory.resolve("home")).resolve("fs/proc/base.c");
        kill(build("cold-part"), changed);
        assertNotEquals(Files.readString(original), Files.readString(changed));
        built(build("meminfo-string"))
                .prints("the source tree was left patched by a build that was cut short; that was taken back");
        assertEquals(Files.readString(original), Files.readString(changed));
        assertEquals(before, contents(own()));
    }

    @Test
    void aPatchedKconfigFileChangesNoConfiguration() throws Exception {
        Path home = directory.resolve("home");
        built(build("kconfig"))
                .prints("fs/proc/Kconfig: tells how the kernel is built, and only --full-build follows that");
        assertFalse(Files.readString(host.tree(home).resolve(".config")).contains("CONFIG_PROC_LOUD"));
        assertFalse(Files.readString(host.tree(home).resolve("include/config/auto.conf"))
                .contains("CONFIG_IKCONFIG"));
    }

    @Test
    void anotherCompilerBuildsOnlyWhereThatIsWished() throws Exception {
        String path = Files.createDirectory(directory.resolve("compiler")) + ":" + System.getenv("PATH");
        for (String name : List.of("gcc", "gcc-12", "x86_64-linux-gnu-gcc-12")) {
            Path file = Files.writeString(directory.resolve("compiler").resolve(name), ANOTHER_COMPILER);
            assertTrue(file.toFile().setExecutable(true));
        }

        ProcessBuilder build = build("meminfo-string");
        build.environment().put("PATH", path);
        Outcome refused = host.run(build);
        assertEquals(1, refused.status(), refused::toString);
        refused.tells("kpatch-build: the kernel was built by ")
                .tells("(Debian 12.2.0-14+deb12u1) 12.2.0', and ")
                .tells("(Debian 12.2.0-14+deb12u9) 12.2.0'; install ")
                .tells("--skip-compiler-check");
        for (String option : List.of("--skip-compiler-check", "--skip-gcc-check")) {
            ProcessBuilder skipping = build("meminfo-string", option);
            skipping.environment().put("PATH", path);
            built(skipping)
                    .tells("kpatch-build: warning: the kernel was built by ")
                    .tells("; the patched kernel may crash");
        }
    }

    /** Kills a build as soon as a file is another one. */
    private static void kill(ProcessBuilder build, Path file) throws IOException, InterruptedException {
        String before = Files.readString(file);
        Process process = build.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (process.isAlive() && Files.readString(file).equals(before)) {
            Thread.sleep(10);
        }
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly().waitFor();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /** What each file below a directory is: checksum and time, or where a link leads. */
    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .forEach(file -> contents.put(directory.relativize(file).toString(), content(file)));
        }
        return contents;
    }

    private static String content(Path file) {
        try {
            if (Files.isSymbolicLink(file)) {
                return Files.readSymbolicLink(file).toString();
            }
            CRC32 sum = new CRC32();
            sum.update(Files.readAllBytes(file));
            return Long.toHexString(sum.getValue()) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
