// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program below target/kpatch, as a user starts it. */
class ProgramIT {
    private static final Path PREFIX = Path.of("target", "kpatch");

    /** Runs the program without anything in its environment, and gives all that it prints. */
    private static String run(int status, String... arguments) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(PREFIX.resolve("sbin/kpatch").toString()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(status, process.waitFor(), output);
        return output;
    }

    @Test
    void theVersionIsPrintedAndNothingElse() throws Exception {
        assertTrue(run(0, "--version").matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "unload", "install", "uninstall", "list", "info", "wait", "signal", "force"})
    void everyCommandHasItsHelpAndRefusesWhatItDoesNotKnow(String command) throws Exception {
        assertTrue(run(0, "help", command).startsWith("Usage: kpatch " + command));
        assertTrue(run(2, command, "--nix").endsWith("; 'kpatch help " + command + "' shows how\n"));
    }

    /** The build has rewritten them: each is loaded and verified here, as its first use would. */
    @Test
    void theClassesOfTheCommandLineLibraryAreCurrentAndSound() throws Exception {
        Path jar = PREFIX.resolve("lib/kpatch/picocli.jar");
        int classes = 0;
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
                JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.endsWith("module-info.class")) {
                    byte[] content = file.getInputStream(entry).readAllBytes();
                    assertTrue(ByteBuffer.wrap(content).getShort(6) >= 52, name);
                    Class.forName(name.replace(".class", "").replace('/', '.'), true, loader);
                    classes++;
                }
            }
        }
        assertTrue(classes > 200, "only " + classes + " classes");
    }
}
