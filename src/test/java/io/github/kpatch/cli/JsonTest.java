// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import io.github.kpatch.testing.OutputSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code --output json}: whatever a command comes to, standard output is one object that the schema knows. */
class JsonTest {
    private final OutputSchema schema = new OutputSchema();

    private final FakeMachine machine;
    private final Path directory;

    JsonTest(@TempDir Path directory) {
        this.directory = directory;
        machine = new FakeMachine(directory);
    }

    /** Runs a command line; its document, which has an error exactly if it failed. */
    private JsonObject run(int status, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--output", "json"));
        Outcome outcome = machine.run(words.toArray()).endsWith(status);
        JsonObject document = schema.read(outcome.stdout());
        assertEquals(status != 0, document.has("error"), outcome::stdout);
        assertEquals(status == 0, outcome.stderr().isEmpty(), outcome::stderr);
        return document;
    }

    private static JsonElement json(String text) {
        return JsonParser.parseString(text.replace('\'', '"'));
    }

    @Test
    void theSchemaRefusesWhatItDoesNotKnow() {
        String members = "\"schema\": 1, \"steps\": [], \"notes\": [], \"failures\": []";
        assertTrue(schema.knows("{" + members + "}"));
        assertFalse(schema.knows("{" + members + ", \"x\": 1}"));
        assertFalse(schema.knows("{" + members + ", \"command\": \"list\"}"));
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void everyCommandHasADocument(Verb verb) {
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f"));
        Outcome outcome = verb == Verb.REPORT // which else leaves its archive in the current directory
                ? machine.run(verb.text(), "--vex", "--output=json")
                : machine.run(verb.text(), "--output=json");
        JsonObject document = schema.read(outcome.stdout());
        assertEquals(verb.text(), document.get("command").getAsString());
        assertEquals(outcome.status() != 0, document.has("error"));
    }

    @Test
    void loadTellsItsSteps() {
        Path file = machine.file(patchModule("kpt_a").patches("vmlinux", "f"));
        JsonArray steps = run(0, "load", file).getAsJsonArray("steps");
        assertEquals("load", steps.get(0).getAsJsonObject().get("step").getAsString());
        assertEquals(file.toString(), steps.get(0).getAsJsonObject().get("file").getAsString());
        assertEquals(json("['wait', 'transition-complete']"), steps(steps, 1));
        assertEquals(
                json("['disable', 'wait', 'transition-complete', 'unload']"),
                steps(run(0, "unload", "kpt_a").getAsJsonArray("steps"), 0));
    }

    private static JsonArray steps(JsonArray steps, int from) {
        JsonArray names = new JsonArray();
        for (int i = from; i < steps.size(); i++) {
            names.add(steps.get(i).getAsJsonObject().get("step"));
        }
        return names;
    }

    @Test
    void whatIsSoAlreadyHasNoSteps() {
        Path file = machine.file(patchModule("kpt_a").patches("vmlinux", "f"));
        assertEquals(1, run(0, "install", file).getAsJsonArray("steps").size());
        assertEquals(0, run(0, "install", file).getAsJsonArray("steps").size());
    }

    @Test
    void aDryRunOfInstallTellsWhetherItWouldChangeAnything() {
        Path file = machine.file(patchModule("kpt_a").patches("vmlinux", "f"));
        JsonObject before = run(0, "install", "--dry-run", file);
        assertEquals(json("true"), before.get("wouldInstall"));
        assertEquals(json("[]"), before.get("steps"));
        run(0, "install", file);
        assertEquals(json("false"), run(0, "install", "--dry-run", file).get("wouldInstall"));
        assertFalse(run(0, "install", file).has("wouldInstall"));
    }

    @Test
    void anErrorHasACodeACauseAndANextStep() {
        JsonObject error = run(3, "load", "nothing").getAsJsonObject("error");
        assertEquals(json("'no-such-module'"), error.get("code"));
        assertTrue(error.get("message").getAsString().startsWith("nothing: no such patch module: "), error::toString);
        assertEquals("'kpatch list' shows those that are", error.get("hint").getAsString());
    }

    @Test
    void whatIsNoNextStepIsNoHint() {
        machine.put("proc/modules", "kpt_a; 'rm -r' is what a module says\n");
        JsonObject error = run(1, "load", machine.file(patchModule("kpt_a"))).getAsJsonObject("error");
        assertEquals(
                "/proc/modules: a line that kpatch does not understand: kpt_a; 'rm -r' is what a module says",
                error.get("message").getAsString());
        assertFalse(error.has("hint"), error::toString);
    }

    @Test
    void aRefusalByTheKernelHasItsNextStep() {
        machine.kernel().fails("finit_module(kpt_a)", Errno.EKEYREJECTED);
        JsonObject error = run(5, "load", machine.file(patchModule("kpt_a"))).getAsJsonObject("error");
        assertEquals("sign it, or enrol its key", error.get("hint").getAsString());
    }

    @Test
    void aWrongCommandLineIsAnErrorToo() {
        assertEquals(json("'usage'"), run(2, "load").getAsJsonObject("error").get("code"));
        assertEquals(json("'usage'"), run(2, "lood").getAsJsonObject("error").get("code"));
        assertEquals(
                json("'usage'"),
                run(2, "list", "--everything").getAsJsonObject("error").get("code"));
    }

    @Test
    void anotherFormatIsRefused() {
        machine.run("list", "--output", "yaml")
                .failsWith(2, "--output takes 'text' or 'json', and not 'yaml'")
                .prints();
        machine.run("list", "--output", "text")
                .succeeds()
                .prints("Loaded patch modules:", "", "Installed patch modules:");
    }

    @Test
    void helpIsText() {
        assertTrue(machine.run("list", "--help", "--output", "json")
                .succeeds()
                .stdout()
                .startsWith("Usage: kpatch list"));
    }

    @Test
    void whatFailsAmongSeveralIsToldOneByOne() {
        machine.installed(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.installed(patchModule("kpt_b").vermagic("1.2.3 SMP").patches("vmlinux", "f"));
        JsonObject document = run(1, "load", "--all");
        assertEquals(1, document.getAsJsonArray("failures").size());
        assertEquals(
                json("'refused'"),
                document.getAsJsonArray("failures").get(0).getAsJsonObject().get("code"));
        assertEquals(
                json("'the failures say why'"),
                document.getAsJsonObject("error").get("hint"));
    }

    @Test
    void listHasWhatItsOptionsAskFor() {
        Path file = machine.installed(patchModule("kpt_a")
                .field("cve", "CVE-2024-1086")
                .buildId("0123456789abcdef")
                .patches("vmlinux", "f")
                .patchesNth("vmlinux", "g", 2));
        machine.run("load", file);
        assertEquals(
                json("[{'module': 'kpt_a', 'state': 'enabled'}]"),
                run(0, "list").get("loaded"));
        JsonObject document = run(0, "list", "--functions", "--cve");
        assertEquals(json("'" + FakeKernel.VERSION + "'"), document.get("kernel"));
        assertFalse(run(0, "list", "--root", directory).has("kernel"));
        assertEquals(
                json("[{'module': 'kpt_a', 'kernel': '" + FakeKernel.VERSION + "', 'file': '" + file + "'}]"),
                document.get("installed"));
        assertEquals(
                json("[{'object': 'vmlinux', 'function': 'f', 'sympos': 1, 'module': 'kpt_a'},"
                        + " {'object': 'vmlinux', 'function': 'g', 'sympos': 2, 'module': 'kpt_a'}]"),
                document.get("functions"));
        assertEquals(json("[{'cve': 'CVE-2024-1086', 'module': 'kpt_a'}]"), document.get("fixes"));
        assertFalse(run(0, "list").has("functions"));
    }

    @Test
    void anInstalledCopyThatCannotBeReadIsNoted() throws IOException {
        Path file = Files.writeString(machine.installed(patchModule("kpt_a")), "");
        JsonElement notes = json("['" + file + ": is empty, so it is not known what it fixes']");
        assertEquals(notes, run(0, "list", "--cve").get("notes"));
        assertEquals(notes, run(0, "status").get("notes"));
        assertEquals(notes, run(0, "metrics").get("notes"));
        assertEquals(json("[]"), run(0, "list").get("notes"));
    }

    @Test
    void statusHasWhatItsScreenShows() {
        machine.put("proc/sys/kernel/tainted", "32768\n");
        Path file =
                machine.installed(patchModule("kpt_a").patches("vmlinux", "f").patches("xfs", "g"));
        machine.installed(patchModule("kpt_b").patches("vmlinux", "h"));
        machine.run("load", file);
        JsonObject status = run(0, "status");
        assertEquals(json("'livepatch'"), status.get("support"));
        assertEquals(json("[{'letter': 'K', 'meaning': 'it has been live-patched'}]"), status.get("taints"));
        assertEquals(
                json(
                        "[{'module': 'kpt_a', 'state': 'enabled', 'replaces': false, 'functions': 2, 'installed': 'unknown', 'onHold': false,"
                                + " 'pendingObjects': ['xfs'], 'fixes': []}]"),
                status.get("loaded"));
        assertEquals(1, status.getAsJsonArray("notLoaded").size());
    }

    @Test
    void statusHasWhatWasLoadedAtThisBoot() {
        machine.withUser(0).installed(patchModule("kpt_a").vermagic("1.2.3 SMP"));
        run(1, "load", "--all", "--boot");
        assertEquals(
                json("{'time': '2026-01-02T03:04:05Z', 'loaded': 0, 'failures': ['kpt_a.ko: is built for kernel 1.2.3,"
                        + " and the running kernel is " + FakeKernel.VERSION + "; get the build for that kernel']}"),
                run(0, "status").get("boot"));
        JsonObject change = run(0, "history").getAsJsonArray("changes").get(0).getAsJsonObject();
        assertEquals(json("'load-all'"), change.get("action"));
        assertFalse(change.has("module"));
    }

    @Test
    void infoHasTheFieldsAndTheFunctions() {
        Path file = machine.file(patchModule("kpt_a")
                .field("author", "A \u009b[31mred\u001b[0m man")
                .patches("vmlinux", "f"));
        JsonObject info = run(0, "info", file);
        assertEquals(
                json("[{'object': 'vmlinux', 'functions': [{'function': 'f', 'sympos': 1}]}]"), info.get("objects"));
        assertTrue(info.toString().contains("\u009b"), info::toString);
        String printed = machine.run("info", file, "--output", "json").stdout();
        assertTrue(printed.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~')), printed);
        machine.run("load", file);
        Path gone = file;
        gone.toFile().delete();
        JsonObject loaded = run(0, "info", "kpt_a");
        assertEquals(json("'enabled'"), loaded.get("state"));
        assertFalse(loaded.has("file"));
    }

    @Test
    void checkHasItsFindingsAlsoWhenItFails() {
        Path good = machine.file(patchModule("kpt_a").patches("vmlinux", "f"));
        machine.kernel().sysctl("ftrace_enabled", "1");
        JsonObject document = run(0, "check", good);
        assertEquals(json("true"), document.get("loadable"));
        Path bad = machine.file(patchModule("kpt_b").vermagic("1.2.3 SMP").patches("vmlinux", "f"));
        document = run(4, "check", bad);
        assertEquals(json("false"), document.get("loadable"));
        assertTrue(document.toString().contains("{\"verdict\":\"fail\",\"subject\":\"kernel\""), document::toString);
        assertEquals(
                json("'the findings say why, and what to do'"),
                document.getAsJsonObject("error").get("hint"));
    }

    @Test
    void historyHasTheFacts() {
        machine.run("install", machine.file(patchModule("kpt_a")));
        JsonObject change = run(0, "history").getAsJsonArray("changes").get(0).getAsJsonObject();
        assertEquals(json("'2026-01-02T03:04:05Z'"), change.get("time"));
        assertEquals(json("'install'"), change.get("action"));
        assertEquals(json("'done'"), change.get("outcome"));
    }

    @Test
    void blockingHasTheTasks() {
        assertFalse(run(0, "blocking").has("transition"));
        machine.kernel().stalledBy(4711, "sleeper", "f+0x21/0x40", "do_syscall_64+0x55/0x80");
        JsonObject stalled =
                run(6, "load", machine.file(patchModule("kpt_a").patches("vmlinux", "f")), "--on-stall=keep");
        assertTrue(stalled.getAsJsonObject("error")
                .getAsJsonArray("evidence")
                .toString()
                .contains("sleeper"));
        machine.time().pass(Duration.ofSeconds(1));
        JsonObject document = run(0, "blocking");
        assertEquals(json("{'module': 'kpt_a', 'state': 'enabling'}"), document.get("transition"));
        assertTrue(
                document.toString().contains("{\"frame\":\"f+0x21/0x40\",\"why\":\"is patched by kpt_a\"}"),
                document::toString);
    }
}
