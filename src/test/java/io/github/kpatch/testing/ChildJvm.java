// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A second Java process, for what one process alone cannot show. */
public final class ChildJvm {
    private final Process process;

    private ChildJvm(String shell, Class<?> main, Path argument) throws IOException {
        process = new ProcessBuilder(List.of(
                        "sh",
                        "-c",
                        shell + "exec \"$0\" -XX:-UsePerfData -cp \"$1\" \"$2\" \"$3\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        main.getName(),
                        argument.toString()))
                .redirectErrorStream(true)
                .start();
    }

    /** A process that can write no file beyond a number of blocks of 512 bytes, and is told so by an errno. */
    public static ChildJvm withFileSizeLimit(int blocks, Class<?> main, Path argument) throws IOException {
        return new ChildJvm("trap '' XFSZ; ulimit -f " + blocks + "; ", main, argument);
    }

    /** A process. */
    public static ChildJvm of(Class<?> main, Path argument) throws IOException {
        return new ChildJvm("", main, argument);
    }

    /** Kills the child, as by {@code kill -9}; what it has started goes on. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** In the child: says something to the parent. */
    public static void say(String line) {
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the child to end; all that it said. */
    public String output() throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }
}
