// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
    private final FakeMachine machine;

    OutputTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    /** A stream whose other end fails. */
    private static final class Failing extends OutputStream {
        private final String reason;

        Failing(String reason) {
            this.reason = reason;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(reason);
        }
    }

    private Outcome runWithOutput(OutputStream out, Object... arguments) {
        var err = new ByteArrayOutputStream();
        int status = machine.run(out, err, arguments);
        return new Outcome("", err.toString(StandardCharsets.UTF_8), status);
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        runWithOutput(new Failing("No space left on device"), "list")
                .failsWith(1, "standard output: No space left on device");
        runWithOutput(new Failing("No space left on device"), "--help").failsWith(1);
        runWithOutput(new Failing("No space left on device"), "--version").failsWith(1);
    }

    @Test
    void aReaderThatHadEnoughIsNoFailure() {
        runWithOutput(new Failing("Broken pipe"), "list").succeeds();
    }

    @Test
    void outputThatFailsDoesNotStopALoad() {
        Path file = machine.file(patchModule("kpt_a"));
        runWithOutput(new Failing("No space left on device"), "load", file).failsWith(1, "what was asked for was done");
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @Test
    void aFailureCountsMoreThanOutputThatFails() {
        runWithOutput(new Failing("No space left on device"), "load", "nix").failsWith(3, "nix");
        assertEquals(3, machine.run(new Failing("No space left on device"), new Failing("Broken pipe"), "load", "nix"));
    }

    @Test
    void aStackTraceIsShownOnRequestOnly() {
        machine.run("load", "nix").doesNotMention("\tat ", "    at ");
        machine.run("load", "-v", "nix").doesNotMention("    at ");
        machine.run("load", "-v", "-v", "nix").endsWith(3).mentions("    at io.github.kpatch.");
        machine.run("load", "-vv", "nix").endsWith(3).mentions("    at io.github.kpatch.");
    }

    @Test
    void aFaultOfOurOwnIsOneLine() {
        machine.path().has("systemctl", 0, "", () -> {
            throw new IllegalStateException("broken");
        });
        machine.run("install", machine.file(patchModule("kpt_a")))
                .endsWith(1)
                .complains("kpatch: internal error: java.lang.IllegalStateException: broken; please report it with what"
                        + " the same command prints under -v -v");
    }

    @Test
    void whatTheKernelShouldNotHaveSaidIsNoFaultOfOurs() {
        machine.put("proc/self/status", "CapEff:\tzzz\n");
        machine.run("load", "nix").failsWith(1, "/proc/self/status: a line that kpatch does not understand: CapEff:");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        assertFalse(machine.run("--help").succeeds().stdout().contains("\u001b"));
        assertTrue(machine.onTerminal().run("--help").succeeds().stdout().contains("\u001b"));
    }
}
