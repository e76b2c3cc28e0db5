// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final FakeMachine machine;

    ReportTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
        machine.run(
                "load",
                machine.installed(patchModule("kpt_a")
                        .buildId("0123456789abcdef")
                        .field("cve", "CVE-2024-1086 CVE-2023-20593")
                        .patches("vmlinux", "f")));
        machine.run(
                "load",
                machine.file(patchModule("kpt_b").field("cve", "CVE-2022-0001").patches("vmlinux", "g")));
    }

    private static Schema cycloneDx() throws IOException {
        Map<String, String> schemas = new HashMap<>();
        for (String name : List.of("bom-1.6", "spdx", "jsf-0.82")) {
            schemas.put("http://cyclonedx.org/schema/" + name + ".schema.json", resource(name + ".schema.json"));
        }
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7, registry -> registry.schemas(schemas))
                .getSchema(SchemaLocation.of("http://cyclonedx.org/schema/bom-1.6.schema.json"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ReportTest.class.getResourceAsStream("/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A file in an archive. */
    private static String text(Path archive, String name) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theArchiveHasWhatTheCommandsSayAndWhatTheKernelShows() throws IOException {
        machine.path().has("dmesg", 0, "[1.0] livepatch: enabling patch 'kpt_a'\n[1.1] usb 1-1: password hunter2\n");
        Path file = machine.home().resolve("report.zip");
        machine.run("report", "--output-file", file)
                .succeeds()
                .prints("wrote " + file + "; look through it before you give it away");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(machine.run("status").stdout() + "(exit status 0)\n", text(file, "status.txt"));
        assertTrue(text(file, "list-functions-cve.txt").contains("CVE-2024-1086 [kpt_a]"));
        assertTrue(text(file, "info-kpt_b.txt").contains("patches:        vmlinux: g"));
        assertTrue(text(file, "sysfs.txt").contains("/sys/kernel/livepatch/kpt_a/enabled: 1\n"));
        assertEquals("[1.0] livepatch: enabling patch 'kpt_a'\n", text(file, "kernel-log.txt"));
        assertTrue(text(file, "status-output-json.txt").startsWith("{"));
    }

    @Test
    void whatFailsIsInTheArchiveAsWell() throws IOException {
        machine.withUser(1000);
        Path file = machine.home().resolve("report.zip");
        machine.run("report", "--output-file", file).succeeds();
        assertTrue(text(file, "blocking.txt").contains("run kpatch as root\n(exit status 7)"));
        assertEquals("(dmesg is not installed)\n", text(file, "kernel-log.txt"));
    }

    @Test
    void aFileThatCannotBeWrittenIsAFailure() {
        machine.run("report", "--output-file", machine.home().resolve("none/report.zip"))
                .failsWith(1, "none/report.zip: cannot be written");
    }

    @Test
    void theVexDocumentHasWhatIsSeenToBeFixedNow() throws IOException {
        JsonObject document = JsonParser.parseString(
                        machine.run("report", "--vex").succeeds().stdout())
                .getAsJsonObject();
        assertEquals(List.of(), cycloneDx().validate(document.toString(), InputFormat.JSON));
        assertEquals("CycloneDX", document.get("bomFormat").getAsString());
        assertEquals(
                FakeKernel.VERSION,
                document.getAsJsonObject("metadata")
                        .getAsJsonObject("component")
                        .get("version")
                        .getAsString());
        List<String> ids = document.getAsJsonArray("vulnerabilities").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(fix -> fix.get("id").getAsString() + " "
                        + fix.getAsJsonObject("analysis").get("detail").getAsString())
                .toList();
        assertEquals(
                List.of(
                        "CVE-2023-20593 Fixed in the running kernel by the live patch kpt_a.",
                        "CVE-2024-1086 Fixed in the running kernel by the live patch kpt_a."),
                ids);
    }
}
