// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.testing.FakeCompression;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.PatchModuleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a module fixes may stand in a file beside it. */
class AdvisoryTest {
    private static final String ADVISORY = """
            {"cve": ["CVE-2024-1086", "CVE-2023-20593"], "fixes": "a use after free", "more": {"of": [1, null]}}
            """;

    private final FakeMachine machine;

    AdvisoryTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    private static PatchModuleBuilder module() {
        return patchModule("kpt_a").buildId("aa11").patches("vmlinux", "f");
    }

    private void beside(String name, String text) throws IOException {
        Files.writeString(machine.home().resolve(name), text);
    }

    private Path record() {
        return machine.roots().installDb().resolve(".kpatch/advisory/" + FakeKernel.VERSION + "/kpt_a.ko");
    }

    @Test
    void installTakesItAlong() throws IOException {
        Path file = machine.file(module());
        beside("kpt_a.ko.json", ADVISORY);
        machine.run("install", file).succeeds();
        Files.delete(machine.home().resolve("kpt_a.ko.json"));
        machine.run("load", "kpt_a").succeeds();
        machine.run("list", "--cve")
                .succeeds()
                .printsAmongOthers("Fixed vulnerabilities:", "CVE-2023-20593 [kpt_a]", "CVE-2024-1086 [kpt_a]");
        machine.run("info", "kpt_a")
                .succeeds()
                .printsAmongOthers(
                        "cve:            CVE-2023-20593",
                        "cve:            CVE-2024-1086",
                        "fixes:          a use after free");
        machine.run("uninstall", "kpt_a").succeeds();
        assertFalse(Files.exists(record()));
    }

    @Test
    void installingWhatIsInstalledByItsNameKeepsIt() throws IOException {
        Path file = machine.file(module());
        beside("kpt_a.ko.json", ADVISORY);
        machine.run("install", file).succeeds();
        machine.run("install", "kpt_a").succeeds();
        machine.run("info", "kpt_a").succeeds().printsAmongOthers("fixes:          a use after free");
    }

    @Test
    void anotherModuleInItsPlaceFixesNothingByIt() throws IOException {
        Path file = machine.file(module());
        beside("kpt_a.ko.json", ADVISORY);
        machine.run("install", file).succeeds();
        Path installed = machine.db(FakeKernel.VERSION).resolve("kpt_a.ko");
        Files.write(installed, module().field("author", "somebody").bytes());
        String info = machine.run("info", "kpt_a").succeeds().stdout();
        assertFalse(info.contains("CVE"), info);
    }

    @Test
    void itLiesBesideACompressedModuleUnderTheSameName() throws IOException {
        Path file = Files.write(machine.home().resolve("kpt_a.ko.xz"), FakeCompression.xz(module().bytes()));
        beside("kpt_a.ko.json", ADVISORY);
        machine.run("info", file).succeeds().printsAmongOthers("fixes:          a use after free");
    }

    @Test
    void whatTheModuleSaysOfItselfIsNotSaidTwice() throws IOException {
        Path file = machine.file(module().field("cve", "CVE-2024-1086").field("fixes", "the module's own words"));
        beside("kpt_a.ko.json", ADVISORY);
        String info = machine.run("info", file).succeeds().stdout();
        assertTrue(info.contains("cve:            CVE-2023-20593"), info);
        assertTrue(info.indexOf("CVE-2024-1086") == info.lastIndexOf("CVE-2024-1086"), info);
        assertFalse(info.contains("use after free"), info);
    }

    @Test
    void installingAnewWithoutItForgetsIt() throws IOException {
        Path file = machine.file(module());
        beside("kpt_a.ko.json", ADVISORY);
        machine.run("install", file).succeeds();
        assertTrue(Files.exists(record()));
        Files.delete(machine.home().resolve("kpt_a.ko.json"));
        machine.run("install", file).succeeds();
        assertFalse(Files.exists(record()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"cve\": \"CVE-2024-1086\"}",
                "{\"cve\": [\"not CVE-2024-1086\"]}",
                "{\"cve\": [17]}",
                "{\"cve\": []} {}",
                "{\"fixes\": {}}",
                "{'fixes': 'a'}"
            })
    void whatIsNoSuchFileIsRefusedBeforeAnythingIsInstalled(String text) throws IOException {
        Path file = machine.file(module());
        beside("kpt_a.ko.json", text);
        machine.run("install", file)
                .failsWith(4, "kpt_a.ko.json: should say what the patch module beside it fixes, but ");
        assertFalse(Files.exists(machine.db(FakeKernel.VERSION)));
    }
}
