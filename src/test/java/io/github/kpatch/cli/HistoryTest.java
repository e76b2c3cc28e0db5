// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to the kernel or the install DB is on record: in the history, and in the system's log. */
class HistoryTest {
    private static final String START = "2026-01-02T03:04:05Z ";

    private final FakeMachine machine;
    private final Path directory;

    private final String user;

    HistoryTest(@TempDir Path directory) {
        this.directory = directory;
        machine = new FakeMachine(directory);
        user = "uid " + machine.userId();
    }

    private Path history() {
        return machine.roots().installDb().resolve(".kpatch/history");
    }

    @Test
    void whatWasDoneIsShownFromTheOldestOn() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("install", file).succeeds();
        machine.run("hold", "kpt_a").succeeds();
        machine.run("unhold", "kpt_a").succeeds();
        machine.run("load", "--no-wait", file).succeeds();
        machine.run("unload", "kpt_a").succeeds();
        machine.run("uninstall", "kpt_a").succeeds();
        String module = " kpt_a (" + FakeKernel.VERSION + "): ";
        assertEquals(
                List.of(
                        "install" + module + "done [" + user + "]",
                        "hold" + module + "done [" + user + "]",
                        "unhold" + module + "done [" + user + "]",
                        "load" + module + "going-on [" + user + "]",
                        "unload" + module + "done [" + user + "]",
                        "uninstall" + module + "done [" + user + "]"),
                machine.run("history")
                        .succeeds()
                        .stdout()
                        .lines()
                        .map(line -> line.substring(START.length()))
                        .toList());
    }

    @Test
    void whoItWasIsOnRecord() {
        machine.put("proc/self/loginuid", "1000\n");
        machine.put("proc/self/stat", "4711 (a) b) S 1 4711 4711 34817 4711 4194304 1 2\n");
        machine.put("proc/self/cgroup", "0::/user.slice/user-1000.slice/session-3.scope\n");
        machine.run("install", machine.file(patchModule("kpt_a"))).succeeds();
        machine.run("history")
                .succeeds()
                .prints(START + "install kpt_a (" + FakeKernel.VERSION + "): done [" + user
                        + ", login uid 1000, pts/1, session-3.scope]");
    }

    @Test
    void theSystemLogHasTheSameFacts() throws IOException, NoSuchAlgorithmException {
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).succeeds();
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        assertEquals(2, machine.syslog().size());
        assertTrue(
                machine.syslog().get(0).contains(" outcome=begun "),
                () -> machine.syslog().get(0));
        String line = machine.syslog().get(1);
        assertEquals(
                "action=load module=kpt_a kernel=" + FakeKernel.VERSION + " file=" + file + " sha256=" + hash
                        + " outcome=done uid=" + machine.userId(),
                line);
        assertTrue(Files.readString(history()).endsWith("Z " + line + "\n"), line);
    }

    @Test
    void aLoadThatTheMachineDiedOfIsSeenToHaveBegun() {
        Path file = machine.file(patchModule("kpt_a"));
        machine.kernel().does("finit_module(kpt_a)", () -> machine.keyboard().fire());
        machine.run("load", file).endsWith(130);
        String begun = "load kpt_a (" + FakeKernel.VERSION + "): begun [" + user + "]";
        machine.run("history").succeeds().prints(START + begun);
    }

    @Test
    void whatTheKernelRefusedIsOnRecordWithTheReason() {
        machine.kernel().fails("finit_module", Errno.EKEYREJECTED);
        machine.run("load", machine.file(patchModule("kpt_a"))).endsWith(5);
        machine.run("history").succeeds().printsAmongOthers();
        assertTrue(
                machine.run("history").stdout().contains(": failed: "),
                () -> machine.run("history").stdout());
    }

    @Test
    void whatIsRefusedBeforehandOrIsSoAlreadyIsNoChange() {
        machine.run("load", machine.file(patchModule("kpt_a").vermagic("1.2.3 SMP")))
                .endsWith(4);
        machine.run("unload", "kpt_b").endsWith(3);
        machine.run("history").succeeds().prints("nothing is on record");
        Path file = machine.file(patchModule("kpt_a"));
        machine.run("load", file).succeeds();
        machine.run("load", file).succeeds();
        assertEquals(1, machine.run("history").stdout().lines().count());
    }

    @Test
    void whatABootCameToIsOneChange() {
        machine.put("proc/sys/kernel/random/boot_id", "boot-1");
        machine.installed(patchModule("kpt_a"));
        machine.installed(patchModule("kpt_b").vermagic("1.2.3 SMP"));
        machine.installed(patchModule("kpt_c").vermagic("1.2.4 SMP"));
        machine.run("load", "--all", "--boot").endsWith(1);
        List<String> lines = machine.run("history").succeeds().stdout().lines().toList();
        String why = ", and the running kernel is " + FakeKernel.VERSION + "; get the build for that kernel";
        assertEquals(
                "load-all (" + FakeKernel.VERSION + "): failed, 1 loaded: kpt_b.ko: is built for kernel 1.2.3" + why
                        + "; kpt_c.ko: is built for kernel 1.2.4" + why + " [" + user + "]",
                lines.get(lines.size() - 1).substring(START.length()));
        assertTrue(
                machine.syslog().stream().allMatch(line -> line.endsWith(" boot=boot-1")), machine.syslog()::toString);
    }

    @Test
    void theHistoryOfOneModule() {
        machine.run("install", machine.file(patchModule("kpt_a"))).succeeds();
        machine.run("install", machine.file(patchModule("kpt_b"))).succeeds();
        machine.run("history", "kpt-b.ko")
                .succeeds()
                .prints(START + "install kpt_b (" + FakeKernel.VERSION + "): done [" + user + "]");
        machine.run("history", "kpt_c").succeeds().prints("nothing is on record");
    }

    @Test
    void aTornLastLineHidesNothingElse() throws IOException {
        machine.run("install", machine.file(patchModule("kpt_a"))).succeeds();
        Files.writeString(history(), "time=2026-01-02T03:04:05Z action=inst", StandardOpenOption.APPEND);
        machine.run("history")
                .succeeds()
                .prints(
                        "1 of the lines on record cannot be understood, and are left out",
                        START + "install kpt_a (" + FakeKernel.VERSION + "): done [" + user + "]");
        machine.run("install", machine.file(patchModule("kpt_b"))).succeeds();
        machine.run("history")
                .succeeds()
                .prints(
                        "1 of the lines on record cannot be understood, and are left out",
                        START + "install kpt_a (" + FakeKernel.VERSION + "): done [" + user + "]",
                        START + "install kpt_b (" + FakeKernel.VERSION + "): done [" + user + "]");
    }

    @Test
    void onlyRootMayReadIt() throws IOException {
        machine.run("install", machine.file(patchModule("kpt_a"))).succeeds();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history())));
    }

    @Test
    void aHistoryThatCannotBeWrittenKeepsNothingFromBeingDone() throws IOException {
        Files.createDirectories(history());
        machine.run("load", machine.file(patchModule("kpt_a")))
                .succeeds()
                .printsAmongOthers("this was not recorded: " + history() + ": cannot be written: Is a directory");
        assertFalse(machine.kernel().loaded().isEmpty());
    }

    @Test
    void otherRootsHaveNoHistory() throws IOException {
        Path image = Files.createDirectories(directory.resolve("image"));
        machine.run("install", "--root", image, machine.file(patchModule("kpt_a")))
                .succeeds();
        machine.run("history").succeeds().prints("nothing is on record");
    }
}
