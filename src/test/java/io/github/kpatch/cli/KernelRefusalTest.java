// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelRefusalTest {
    private final FakeMachine machine;

    KernelRefusalTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EKEYREJECTED | not signed with a key that this kernel trusts
            ENOKEY       | not signed with a key that this kernel trusts
            EBADMSG      | its signature is malformed
            ENOPKG       | algorithm that this kernel does not have
            ENODATA      | it is not signed
            ENOEXEC      | vermagic, or livepatch is not built in
            ENOENT       | it needs a symbol
            EINVAL       | a function that it patches is not there or not unique
            EEXIST       | a module of that name is in the kernel already
            EBUSY        | another transition runs, or another tracer
            ETXTBSY      | the file is open for writing
            EACCES       | SELinux or another
            EOPNOTSUPP   | does not decompress modules
            EFBIG        | too big
            EIO          | check the disk
            ENOMEM       | out of memory
            EINTR        | interrupted; try again
            EPERM        | run kpatch as root
            ENODEV       | its initialisation failed
            """)
    void everyErrnoOfALoadBecomesASentence(Errno errno, String words) {
        for (int i = 0; i < 5; i++) {
            machine.kernel().fails("finit_module(kpt_a)", errno);
        }
        machine.run("load", machine.file(patchModule("kpt_a"))).failsWith(5, "(" + errno + ")", words);
        assertEquals(List.of(), machine.kernel().loaded());
    }

    @Test
    void anErrnoWithoutANameIsTheModulesOwn() {
        machine.kernel().fails("finit_module(kpt_a)", 517);
        machine.run("load", machine.file(patchModule("kpt_a")))
                .failsWith(5, "(error 517)", "its initialisation failed");
    }

    /** As kpatch foresees it, and as it explains the kernel's own refusal. */
    private void loadIsForbiddenBy(String words) {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).failsWith(4, file + ": ", words);
        assertEquals(List.of(), machine.kernel().calls());
        machine.run("history").prints("nothing is on record");
        forbiddenLoad().failsWith(5, "EPERM", words);
    }

    private Outcome forbiddenLoad() {
        machine.kernel().fails("finit_module(kpt_a)", Errno.EPERM);
        return machine.run("load", "--no-check", machine.file(patchModule("kpt_a")));
    }

    @Test
    void forbiddenByModulesDisabled() {
        machine.kernel().sysctl("modules_disabled", "1");
        loadIsForbiddenBy("kernel.modules_disabled is 1");
    }

    @Test
    void forbiddenByLockdown() {
        machine.put("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        loadIsForbiddenBy("locked down (integrity)");
    }

    @Test
    void forbiddenNotByLockdownThatIsOff() {
        machine.put("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        machine.run("load", machine.file(patchModule("kpt_b"))).succeeds();
        forbiddenLoad().failsWith(5, "EPERM", "run kpatch as root").doesNotMention("locked down");
    }

    @Test
    void forbiddenByTheBlacklist() {
        machine.put("proc/cmdline", "quiet module_blacklist=nouveau,kpt_a\n");
        loadIsForbiddenBy("module_blacklist=");
        machine.put("proc/cmdline", "quiet module_blacklist=kpt_ab\n");
        forbiddenLoad().failsWith(5, "EPERM").doesNotMention("module_blacklist");
    }

    @Test
    void anUnsignedModuleIsRefusedWhereTheKernelInsists() {
        machine.put("sys/module/module/parameters/sig_enforce", "Y\n");
        machine.run("load", machine.file(patchModule("kpt_a")))
                .failsWith(4, "kpt_a.ko: it is not signed, and this kernel insists on it; sign it");
        byte[] signature = "~Module signature appended~\n".getBytes(StandardCharsets.US_ASCII);
        machine.run("load", machine.file(patchModule("kpt_b").appended(signature)))
                .succeeds();
        machine.run("load", "--no-check", machine.file(patchModule("kpt_a"))).succeeds();
    }

    @Test
    void whatTheKernelHasAlreadyIsNotForbidden() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).succeeds();
        machine.kernel().sysctl("modules_disabled", "1");
        machine.run("load", file).succeeds().prints("patch module kpt_a is already loaded and enabled");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EPERM  | run kpatch as root
            EAGAIN | it is still in use
            EBUSY  | it is still being loaded, or cannot be removed at all
            EIO    | the kernel would not remove it
            """)
    void everyErrnoOfARemovalBecomesASentence(Errno errno, String words) {
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        for (int i = 0; i < 200; i++) {
            machine.kernel().fails("delete_module(kpt_a)", errno);
        }
        machine.kernel().says("delete_module(kpt_a)", "the kernel's own words");
        machine.run("unload", "kpt_a")
                .endsWith(5)
                .mentions(
                        "kpatch: kpt_a: the kernel refused it (" + errno + ")", words, "    the kernel's own words\n");
        assertEquals(List.of("kpt_a"), machine.kernel().loaded());
    }

    @Test
    void aForbiddenRemovalIsToldApartToo() {
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        machine.put("proc/cmdline", "quiet module_blacklist=kpt_a\n");
        machine.kernel().fails("delete_module(kpt_a)", Errno.EPERM);
        machine.run("unload", "kpt_a").failsWith(5, "module_blacklist=");
    }

    @Test
    void whatCouldNotBeRemovedIsNotDisabledEither() {
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        machine.kernel().sysctl("modules_disabled", "1");
        machine.run("unload", "kpt_a").failsWith(4, "kernel.modules_disabled is 1");
        machine.run("unload", "--all").failsWith(4, "kernel.modules_disabled is 1");
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EPERM  | run kpatch as root
            EACCES | run kpatch as root
            EBUSY  | another transition runs
            EINVAL | does not allow that in the state it is in
            ENODEV | it went away meanwhile
            EIO    | the kernel would not switch it
            """)
    void everyErrnoOfASwitchBecomesASentence(Errno errno, String words) {
        machine.run("load", machine.file(patchModule("kpt_a"))).succeeds();
        for (int i = 0; i < 5; i++) {
            machine.kernel().fails("kpt_a/enabled=0", errno);
        }
        machine.run("unload", "kpt_a").failsWith(5, "(" + errno + ")", words);
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
    }

    @ParameterizedTest
    @ValueSource(strings = {"load kpt_a", "load --all", "unload kpt_a", "unload --all", "signal", "force --yes"})
    void whoMayNotChangeModulesIsToldBeforeAnything(String line) {
        machine.installed(patchModule("kpt_a"));
        machine.kernel().unprivileged();
        machine.run((Object[]) line.split(" "))
                .failsWith(7, "not permitted without CAP_SYS_MODULE")
                .prints();
        assertEquals(List.of(), machine.kernel().calls());
    }

    @Test
    void evidenceReachesTheTerminalHarmlessly() {
        machine.kernel()
                .fails("finit_module(kpt_a)", Errno.EINVAL)
                .says("finit_module(kpt_a)", "kpt_a: \u001b[31mevil\u0007\u202e\r");
        machine.run("load", machine.file(patchModule("kpt_a")))
                .endsWith(5)
                .mentions("    kpt_a: \\u001b[31mevil\\u0007\\u202e\\u000d\n");
    }
}
