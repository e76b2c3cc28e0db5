// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.build;

import static io.github.kpatch.cli.build.BuildScene.OBJECT;
import static io.github.kpatch.cli.build.BuildScene.SOURCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kpatch.build.source.Disk;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.Outcome;
import io.github.kpatch.testing.OutputSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --output-format json}: whatever a build comes to, standard output is one object that the schema knows. */
class BuildJsonTest {
    private final OutputSchema schema = OutputSchema.ofBuild();
    private final BuildScene scene;

    BuildJsonTest(@TempDir Path directory) {
        scene = new BuildScene(directory);
    }

    /** Builds; the document, which has an error exactly if that failed. */
    private JsonObject build(int status, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of("--output-format", "json"));
        words.addAll(List.of(arguments));
        Outcome outcome = scene.build(words.toArray()).endsWith(status);
        JsonObject document = schema.read(outcome.stdout());
        assertEquals(status != 0, document.has("error"), outcome::stdout);
        return document;
    }

    private JsonObject error(int status, Object... arguments) {
        return build(status, arguments).getAsJsonObject("error");
    }

    private static JsonElement json(String text) {
        return JsonParser.parseString(text.replace('\'', '"'));
    }

    private Path patch() {
        return scene.patch("fix.patch", SOURCE, "one\n2\n");
    }

    @Test
    void theSchemaRefusesWhatItDoesNotKnow() {
        String members = "'schema': 1, 'command': 'build', 'notes': [], 'warnings': []";
        String built = ", 'kernel': '6.1.0', 'log': '/log', 'objects': [], 'times': []";
        String failed = ", 'error': {'code': 'failed', 'message': 'it is so'}";
        assertTrue(schema.knows(json("{" + members + built + "}").toString()));
        assertTrue(schema.knows(json("{" + members + failed + "}").toString()));
        assertFalse(schema.knows(json("{" + members + "}").toString()));
        assertFalse(schema.knows(json("{" + members + built + failed + "}").toString()));
        assertFalse(schema.knows(json("{" + members + built + ", 'x': 1}").toString()));
    }

    @Test
    void aFailureHasTheMembersThatItHasWithKpatch() throws IOException {
        assertEquals(failure("output"), failure("build"));
    }

    private static JsonElement failure(String name) throws IOException {
        String text = Files.readString(Path.of("src/main/dist/schema", name + ".schema.json"));
        JsonObject failure = JsonParser.parseString(text)
                .getAsJsonObject()
                .getAsJsonObject("$defs")
                .getAsJsonObject("failure");
        failure.getAsJsonObject("properties").getAsJsonObject("evidence").remove("description");
        return failure;
    }

    @Test
    void aModuleHasItsFileItsFunctionsAndTheTimes() {
        JsonObject document = build(0, patch());
        assertEquals(json("'" + FakeKernel.VERSION + "'"), document.get("kernel"));
        assertEquals(json("'" + scene.machine.home() + "/livepatch-fix.ko'"), document.get("module"));
        assertEquals(json("'" + scene.home + "/build.log'"), document.get("log"));
        assertEquals(
                json("[{'object': '" + OBJECT + "', 'parent': 'vmlinux', 'changed': ['2'], 'new': [], 'removed': [],"
                        + " 'refused': []}]"),
                document.get("objects"));
        assertEquals(6, document.getAsJsonArray("times").size());
    }

    @Test
    void checkHasTheSameWithoutAFile() {
        JsonObject document = build(0, "--check", patch());
        assertFalse(document.has("module"));
        assertEquals(1, document.getAsJsonArray("objects").size());
    }

    @Test
    void whatIsToldOnTheWayIsAmongTheNotesAndTheWarnings() {
        scene.build(patch()).succeeds();
        Path restore = scene.home.resolve(FakeKernel.VERSION + "/restore");
        Disk.write(restore.resolve(SOURCE.replace('/', '!')), "one\ntwo\n");
        scene.machine.tools().has("gcc-12", 0, "gcc-12 (Debian 12.2.0-14) 12.2.0");
        JsonObject document = build(0, "--skip-compiler-check", patch());
        assertEquals(
                json("['the source tree was left patched by a build that was cut short; that was taken back']"),
                document.get("notes"));
        assertEquals(
                JsonParser.parseString(
                        "[\"the kernel was built by '(Debian 12.2.0-14+deb12u1) 12.2.0', and gcc-12 is '(Debian 12.2.0-14)"
                                + " 12.2.0'; the patched kernel may crash\"]"),
                document.get("warnings"));
    }

    @Test
    void aRefusalHasItsReasons() {
        scene.refusals.add("f: has no ftrace entry");
        assertEquals(
                json("{'code': 'refused', 'message': 'the change cannot be patched into a running kernel',"
                        + " 'hint': 'the lines below say where and why', 'evidence': ['" + OBJECT
                        + ": f: has no ftrace entry', 'the log: " + scene.home + "/build.log']}"),
                error(1, patch()));
    }

    @Test
    void anErrorOfTheCompilerHasItsLines() {
        JsonObject error = error(1, scene.patch("bad.patch", SOURCE, "one\nwrong\n"));
        assertEquals(json("'failed'"), error.get("code"));
        assertEquals(json("'" + scene.home + "/build.log has all that make printed'"), error.get("hint"));
        assertEquals(1, error.getAsJsonArray("evidence").size());
    }

    @Test
    void whatFailsBeforeThereIsALogHasNoEvidence() {
        assertEquals(
                json("{'code': 'failed', 'message': '/nowhere.patch: cannot be read: it is not there'}"),
                error(1, "/nowhere.patch"));
    }

    @Test
    void aFaultOfTheProgramIsAnErrorToo() {
        scene.whileCompiling = () -> {
            throw new IllegalStateException("broken");
        };
        assertEquals(
                json("{'code': 'internal', 'message': 'internal error: java.lang.IllegalStateException: broken',"
                        + " 'hint': 'please report it'}"),
                error(1, patch()));
    }

    @Test
    void aWrongCommandLineIsAnErrorToo() {
        String help = "'kpatch-build --help' shows how";
        JsonObject error = error(2);
        assertEquals(json("'usage'"), error.get("code"));
        assertEquals("a patch is missing", error.get("message").getAsString());
        assertEquals(help, error.get("hint").getAsString());
        assertEquals(json("'usage'"), error(2, "--nonsense", patch()).get("code"));
    }

    @Test
    void helpAndVersionAreText() {
        assertTrue(scene.run("--output-format=json", "-dh").succeeds().stdout().startsWith("Usage: "));
        assertFalse(scene.run("--output-format=json", "--version")
                .succeeds()
                .stdout()
                .startsWith("{"));
    }
}
