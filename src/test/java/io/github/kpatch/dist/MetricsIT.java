// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.dist;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.testing.FakeMachine;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics as the client library of Prometheus reads them, in the newer format and in the older one. */
class MetricsIT {
    private static final String READER = """
            import sys
            from prometheus_client import openmetrics, parser
            import prometheus_client.openmetrics.parser
            text = sys.stdin.read()
            newer = [s for f in openmetrics.parser.text_string_to_metric_families(text) for s in f.samples]
            older = [s for f in parser.text_string_to_metric_families(text) for s in f.samples]
            assert newer == older, (newer, older)
            print(len(newer), [s.value for s in newer if s.name == 'kpatch_module_functions'])
            """;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void bothParsersReadTheSame() throws Exception {
        FakeMachine machine = new FakeMachine(directory).withUser(0);
        machine.run(
                "load",
                machine.installed(patchModule("kpt_a")
                        .buildId("0123456789abcdef")
                        .field("cve", "CVE-2024-1086")
                        .patches("vmlinux", "f", "g")));
        machine.kernel().stalledBy(4711, "sleeper", "h+0x21/0x40");
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_b").patches("vmlinux", "h")));
        String metrics = machine.run("metrics").succeeds().stdout();

        Process python = new ProcessBuilder("/usr/bin/python3", "-c", READER)
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = python.getOutputStream()) {
            in.write(metrics.getBytes(StandardCharsets.UTF_8));
        }
        String read = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, python.waitFor(), () -> read + metrics);
        long samples = metrics.lines().filter(line -> !line.startsWith("#")).count();
        assertEquals(samples + " [1, 2]\n", read);
    }
}
