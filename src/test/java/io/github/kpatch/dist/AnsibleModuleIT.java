// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.dist;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.PatchModuleBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Ansible module over the program as it is packaged, on a root of its own. What takes a kernel that is patched is
 * in {@code vm.AnsibleIT}.
 */
class AnsibleModuleIT {
    private static final Path PREFIX = Path.of("target", "kpatch").toAbsolutePath();
    private static final Path COLLECTIONS = PREFIX.resolve("share/ansible/collections");
    private static final Path MODULE =
            COLLECTIONS.resolve("ansible_collections/kpatch/kpatch/plugins/modules/kpatch.py");

    /** What the module's documentation says of its options, beside what it takes. */
    private static final String COMPARE = """
            import importlib.util, sys, yaml
            from ansible.module_utils import basic
            taken = []
            basic.AnsibleModule = lambda **arguments: taken.append(arguments['argument_spec']) or sys.exit()
            spec = importlib.util.spec_from_file_location('kpatch', sys.argv[1])
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            try:
                module.main()
            except SystemExit:
                pass
            told = yaml.safe_load(module.DOCUMENTATION)['options']
            for option in told.values():
                del option['description']
            assert told == taken[0], (told, taken[0])
            """;

    @TempDir
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private FakeMachine machine;

    private Path programs = PREFIX.resolve("sbin");

    @BeforeEach
    void start() {
        machine = new FakeMachine(directory);
        machine.put("proc/kallsyms", "ffffffff81000000 T f\n");
        machine.put("sys/kernel/tracing/available_filter_functions", "f\n");
    }

    private static PatchModuleBuilder fix() {
        return patchModule("fix").patches("vmlinux", "f").field("srcversion", "AAA");
    }

    private String run(int status, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", programs + ":/usr/bin:/bin");
        builder.environment().put("KPATCH_JAVA_OPTIONS", "-Dkpatch.root=" + directory.resolve("root"));
        builder.environment().put("ANSIBLE_COLLECTIONS_PATH", COLLECTIONS.toString());
        Path errors = directory.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int ended = process.waitFor();
        assertEquals(status, ended, output + Files.readString(errors));
        return output;
    }

    /** Runs the module as Ansible does, with options such as {@code name: 'fix'}. */
    private JsonObject module(int status, String mode, String options) throws Exception {
        Path arguments = directory.resolve("arguments");
        Files.writeString(
                arguments,
                "{\"ANSIBLE_MODULE_ARGS\": {\"_ansible_diff\": true, \"_ansible_check_mode\": " + mode.equals("check")
                        + ", " + options.replace('\'', '"') + "}}");
        return JsonParser.parseString(run(status, List.of("/usr/bin/python3", MODULE.toString(), arguments.toString())))
                .getAsJsonObject();
    }

    private JsonObject changes(String mode, String options) throws Exception {
        JsonObject result = module(0, mode, options);
        assertTrue(result.get("changed").getAsBoolean(), result::toString);
        return result.getAsJsonObject("diff");
    }

    private void isSo(String options) throws Exception {
        for (String mode : List.of("check", "real")) {
            JsonObject result = module(0, mode, options);
            assertFalse(result.get("changed").getAsBoolean(), result::toString);
            JsonObject diff = result.getAsJsonObject("diff");
            assertEquals(diff.get("before"), diff.get("after"));
        }
    }

    private JsonObject fails(String mode, String options) throws Exception {
        return module(1, mode, options);
    }

    private static String text(JsonObject result, String member) {
        return result.get(member).getAsString();
    }

    private static JsonElement json(String text) {
        return JsonParser.parseString(text.replace('\'', '"'));
    }

    private List<String> installed() {
        List<String> names = new ArrayList<>();
        JsonParser.parseString(machine.run("list", "--output", "json").stdout())
                .getAsJsonObject()
                .getAsJsonArray("installed")
                .forEach(
                        entry -> names.add(entry.getAsJsonObject().get("module").getAsString()));
        return names;
    }

    @Test
    void whatIsNotInstalledIsInstalledOnceAndCheckModeOnlyTells() throws Exception {
        String options = "'src': '" + machine.file(fix()) + "', 'state': 'installed'";
        JsonObject foretold = changes("check", options);
        assertEquals(List.of(), installed());
        JsonObject diff = changes("real", options);
        assertEquals(List.of("fix"), installed());
        assertEquals(foretold, diff);
        assertEquals(json("{'installed': false}"), diff.get("before"));
        assertEquals(json("{'installed': true}"), diff.get("after"));
        isSo(options);
        isSo("'name': 'fix', 'state': 'installed'");
    }

    @Test
    void whatIsRefusedFailsWithTheProgramsWordsInCheckModeAsWell() throws Exception {
        Path file = machine.file(fix());
        for (String mode : List.of("check", "real")) {
            JsonObject result = fails(mode, "'src': '" + file + "', 'state': 'installed', 'kernel': '1.2.3'");
            assertEquals("refused", text(result, "code"));
            assertEquals("get the build for that kernel", text(result, "hint"));
            assertEquals(
                    file + ": is built for kernel " + FakeKernel.VERSION + ", and the wanted kernel is 1.2.3;"
                            + " get the build for that kernel",
                    text(result, "msg"));
            assertFalse(result.get("changed").getAsBoolean());
        }
        assertEquals("no-such-module", text(fails("real", "'src': '/none.ko'"), "code"));
        assertEquals("no-such-module", text(fails("real", "'name': 'fix', 'state': 'installed'"), "code"));
    }

    @Test
    void whatIsAbsentForOneKernelStaysForAnother() throws Exception {
        machine.installed(fix());
        machine.installed("1.2.3", fix().vermagic("1.2.3 SMP "));
        String options = "'name': 'fix', 'state': 'absent', 'kernel': '1.2.3'";
        changes("check", options);
        assertEquals(List.of("fix", "fix"), installed());
        assertEquals(json("{'installed': false}"), changes("real", options).get("after"));
        assertEquals(List.of("fix"), installed());
        isSo(options);
    }

    @Test
    void whatIsAbsentIsSoByEveryFileName() throws Exception {
        machine.installed(fix());
        fix().writeAs(machine.db(FakeKernel.VERSION).resolve("renamed.ko"));
        patchModule("other").writeTo(machine.db(FakeKernel.VERSION));
        changes("real", "'name': 'renamed', 'state': 'absent'");
        assertEquals(List.of("other"), installed());
        isSo("'name': 'fix', 'state': 'absent'");
    }

    @Test
    void aBrokenFileCanBeMadeAbsent() throws Exception {
        Path file = machine.installed(fix());
        Files.writeString(file, "broken");
        changes("check", "'name': 'fix.ko', 'state': 'absent'");
        changes("real", "'name': 'fix.ko', 'state': 'absent'");
        assertEquals(List.of(), installed());
    }

    @Test
    void whatIsLoadedAndInstalledIsSoAndToBeUnloadedInCheckMode() throws Exception {
        Path file = machine.file(fix());
        machine.run("load", file).succeeds();
        machine.run("install", file).endsWith(0);
        JsonObject again = module(0, "check", "'src': '" + file + "'");
        assertFalse(again.get("changed").getAsBoolean(), again::toString);
        assertEquals(
                json("{'loaded': 'enabled', 'installed': true}"),
                again.getAsJsonObject("diff").get("before"));
        JsonObject gone = changes("check", "'name': 'fix', 'state': 'absent'");
        assertEquals(json("{'loaded': 'enabled', 'installed': true}"), gone.get("before"));
        assertEquals(json("{'loaded': 'no', 'installed': false}"), gone.get("after"));
    }

    @Test
    void whatOnlyTheKernelHasIsLoadedButCannotBeInstalled() throws Exception {
        Path file = machine.file(fix());
        machine.run("load", file).succeeds();
        Files.delete(file);
        JsonObject loaded = module(0, "check", "'name': 'fix', 'persistent': false");
        assertFalse(loaded.get("changed").getAsBoolean(), loaded::toString);
        assertEquals("no-such-module", text(fails("check", "'name': 'fix'"), "code"));
    }

    @Test
    void checkModeFailsWhereTheLoadWould() throws Exception {
        machine.run("load", machine.file(fix())).succeeds();
        String another = "'src': '" + machine.file(fix().field("srcversion", "BBB")) + "'";
        JsonObject result = fails("check", another);
        assertEquals("refused", text(result, "code"));
        assertTrue(
                text(result, "msg")
                        .contains("(stack); another patch module named fix is loaded (its srcversion is AAA"),
                result::toString);
        assertEquals(1, result.getAsJsonArray("findings").size());

        changes("check", "'src': '" + machine.file(patchModule("new").patches("vmlinux", "f")) + "'");
        assertEquals(
                "refused",
                text(
                        fails(
                                "check",
                                "'src': '" + machine.file(patchModule("new").patches("vmlinux", "g")) + "'"),
                        "code"));
    }

    @Test
    void aHoldIsSetAndTakenBackOnce() throws Exception {
        String held = "'src': '" + machine.file(fix()) + "', 'state': 'installed', 'hold': true";
        assertEquals(
                json("{'installed': true, 'hold': true}"),
                changes("check", held).get("after"));
        assertEquals(
                json("{'installed': false, 'hold': false}"),
                changes("real", held).get("before"));
        isSo(held);
        isSo("'name': 'fix', 'state': 'installed'");
        changes("check", "'name': 'fix', 'state': 'installed', 'hold': false");
        changes("real", "'name': 'fix', 'state': 'installed', 'hold': false");
        isSo("'name': 'fix', 'state': 'installed', 'hold': false");
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() throws Exception {
        assertTrue(text(fails("real", "'src': 'fix.ko'"), "msg").contains("is no absolute path"));
        assertTrue(text(fails("real", "'name': './fix'"), "msg").contains("is a path"));
        assertTrue(
                text(fails("real", "'name': 'fix', 'kernel': '1.2.3'"), "msg").startsWith("kernel: "));
        assertTrue(text(fails("real", "'name': 'fix', 'state': 'absent', 'hold': true"), "msg")
                .startsWith("hold: "));
        assertTrue(text(fails("real", "'src': '/fix.ko', 'state': 'absent'"), "msg")
                .contains("name"));
        assertEquals("usage", text(fails("real", "'src': '" + machine.file(fix()) + "', 'timeout': -1"), "code"));
    }

    @Test
    void anotherProgramOfThatNameIsNotTakenForThisOne() throws Exception {
        programs = Files.createDirectory(directory.resolve("theirs"));
        Path theirs = Files.writeString(programs.resolve("kpatch"), "#!/bin/sh\necho 'Loaded patch modules:'\n");
        Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertTrue(text(fails("real", "'name': 'fix'"), "msg").contains("without JSON; is that kpatch for Java?"));
    }

    @Test
    void theDocumentationHasTheOptionsThatAreTakenAndEveryCode() throws Exception {
        run(0, List.of("/usr/bin/python3", "-c", COMPARE, MODULE.toString()));
        String page = run(0, List.of("/usr/bin/ansible-doc", "--json", "kpatch.kpatch.kpatch"));
        JsonObject told = JsonParser.parseString(page).getAsJsonObject().getAsJsonObject("kpatch.kpatch.kpatch");
        String codes = told.getAsJsonObject("return").getAsJsonObject("code").toString();
        JsonObject schema = JsonParser.parseString(Files.readString(PREFIX.resolve("share/kpatch/output.schema.json")))
                .getAsJsonObject();
        JsonObject failure = schema.getAsJsonObject("$defs").getAsJsonObject("failure");
        for (JsonElement code :
                failure.getAsJsonObject("properties").getAsJsonObject("code").getAsJsonArray("enum")) {
            assertTrue(codes.contains("C(" + code.getAsString() + ")"), code::toString);
        }
    }

    @Test
    void theRoleDocumentsItsVariablesAndTheirDefaults() throws Exception {
        run(
                0,
                List.of(
                        "/usr/bin/python3",
                        "-c",
                        """
                        import sys, yaml
                        role = sys.argv[1] + '/roles/kpatch/'
                        options = yaml.safe_load(open(role + 'meta/argument_specs.yml'))['argument_specs']['main']['options']
                        defaults = yaml.safe_load(open(role + 'defaults/main.yml'))
                        assert {name: o['default'] for name, o in options.items()} == defaults, defaults
                        """,
                        COLLECTIONS.resolve("ansible_collections/kpatch/kpatch").toString()));
    }

    @Test
    void theCollectionIsBuiltInTheVersionOfTheProgram() throws Exception {
        Path collection = COLLECTIONS.resolve("ansible_collections/kpatch/kpatch");
        String version = run(0, List.of(PREFIX.resolve("sbin/kpatch").toString(), "--version"))
                .strip()
                .replace("-SNAPSHOT", "");
        run(
                0,
                List.of(
                        "/usr/bin/ansible-galaxy",
                        "collection",
                        "build",
                        collection.toString(),
                        "--output-path",
                        directory.toString()));
        assertTrue(Files.exists(directory.resolve("kpatch-kpatch-" + version + ".tar.gz")));
    }
}
