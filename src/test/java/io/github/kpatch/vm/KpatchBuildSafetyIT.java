// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Sources are afterwards what they were before, whatever comes in between. */
class KpatchBuildSafetyIT {
    private static final String KERNEL = GuestsToBuildFor.kernels().findFirst().orElseThrow();

    private final BuildHost host = BuildHost.of(KERNEL);

    /** Beside what else is built: it is gigabytes. */
    static final class InTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            return Files.createTempDirectory(Path.of("target/it"), "own-tree").toAbsolutePath();
        }
    }

    @Test
    void theNextRunMendsWhatAKilledOneLeftAndTheTreeOfTheAdministratorStaysAsItIs(
            @TempDir(factory = InTarget.class) Path directory) throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        host.unpackSources(own);
        Map<String, String> before = contents(own);
        Path home = directory.resolve("home");
        Path changed = host.tree(home).resolve("fs/proc/base.c");

        build(home, own, "meminfo-string");
        assertEquals(before, contents(own));

        kill(
                host.command(
                        home, "-s", own.toString(), BuildHost.patch("cold-part").toString()),
                changed);
        assertNotEquals(Files.readString(own.resolve("fs/proc/base.c")), Files.readString(changed));
        build(home, own, "meminfo-string")
                .prints("the source tree was left patched by a build that was cut short; that was taken back");
        assertEquals(Files.readString(own.resolve("fs/proc/base.c")), Files.readString(changed));
        assertEquals(before, contents(own));
    }

    private Outcome build(Path home, Path own, String patch) {
        String file = BuildHost.patch(patch).toString();
        Outcome built = host.run(home, "-s", own.toString(), "--name", "kpt_own_tree", file);
        assertEquals(0, built.status(), built::toString);
        return built;
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
