// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli;

import static io.github.kpatch.testing.PatchModuleBuilder.coreModule;
import static io.github.kpatch.testing.PatchModuleBuilder.kernelModule;
import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.kernel.Errno;
import io.github.kpatch.testing.FakeKernel;
import io.github.kpatch.testing.FakeMachine;
import io.github.kpatch.testing.Outcome;
import io.github.kpatch.testing.PatchModuleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
    private static final String VERSION = FakeKernel.VERSION;

    private static final String NO_TRACER = "none is on these functions that would be in the way";

    private final FakeMachine machine;

    CheckTest(@TempDir Path directory) {
        machine = new FakeMachine(directory);
        machine.put("proc/kallsyms", """
                ffffffff81000000 T cmdline_proc_show
                ffffffff81000100 t twice
                ffffffff81000200 t twice
                ffffffff81000300 T _printk
                ffffffff81000400 T klp_enable_patch
                ffffffff81000500 T not_exported
                ffffffff82000000 r __ksymtab__printk
                ffffffff82000010 r __ksymtab_klp_enable_patch
                ffffffffc0000000 t in_module\t[ext4]
                """);
        machine.put("sys/kernel/tracing/available_filter_functions", "cmdline_proc_show\ntwice\nin_module [ext4]\n");
        machine.put("sys/module/ext4/initstate", "live\n");
    }

    private Outcome check(PatchModuleBuilder module) {
        return machine.run("check", machine.file(module));
    }

    private static String line(String verdict, String subject, String sentence) {
        return "  " + verdict + "  " + subject + " ".repeat(12 - subject.length()) + sentence;
    }

    @Test
    void aModuleThatFitsCanBeLoaded() {
        check(patchModule("kpt_a").patches("vmlinux", "cmdline_proc_show").needs("_printk", 7))
                .succeeds()
                .prints(
                        "Checking kpt_a against kernel " + VERSION + ":",
                        line("pass", "machine", "built for x86_64"),
                        line(
                                "pass",
                                "kernel",
                                "built for " + VERSION + "; what else vermagic has could not be compared"),
                        line("warn", "signature", "none; this kernel loads it all the same, and is tainted by it (E)"),
                        line("pass", "livepatch", "the kernel has it, and ftrace is on"),
                        line("pass", "loading", "modules can be loaded"),
                        line("pass", "symbols", "all 1 that it needs are exported"),
                        line("pass", "references", "none to symbols that are not exported"),
                        line("pass", "functions", "the one that it patches is there"),
                        line("pass", "tracing", "ftrace can redirect what is there of them"),
                        line("pass", "objects", "patched now: vmlinux"),
                        line("pass", "stack", "no other patch module is loaded"),
                        line("pass", "tracers", NO_TRACER),
                        "it can be loaded; 1 warning");
        assertEquals(List.of(), machine.kernel().enabled());
    }

    @Test
    void aDryRunIsTheSameAndLoadsNothing() {
        Path file = machine.file(patchModule("kpt_a").patches("vmlinux", "cmdline_proc_show"));
        Outcome check = machine.run("check", file);
        assertEquals(
                check.stdout(),
                machine.run("load", "--dry-run", file).succeeds().stdout());
        assertEquals(List.of(), machine.kernel().enabled());
        machine.run("load", "--dry-run", "--all").endsWith(2).mentions("--dry-run goes with a patch module");
    }

    @Test
    void anInstalledModuleIsCheckedByItsName() {
        machine.installed(patchModule("kpt_a").patches("vmlinux", "cmdline_proc_show"));
        machine.run("check", "kpt_a").succeeds();
        machine.run("check", "kpt_b").failsWith(3, "kpt_b");
        machine.run("check", machine.file(kernelModule("x"))).failsWith(4, "is a kernel module but not a patch module");
    }

    private void fails(String subject, String sentence, PatchModuleBuilder module) {
        Outcome outcome = check(module);
        assertTrue(outcome.stdout().contains(line("FAIL", subject, sentence)), outcome::toString);
        outcome.failsWith(4, "cannot be loaded into this kernel (" + subject + "); the lines above say why");
    }

    private void warns(String subject, String sentence, PatchModuleBuilder module) {
        check(module).succeeds().printsAmongOthers(line("warn", subject, sentence));
    }

    private static PatchModuleBuilder fitting() {
        return patchModule("kpt_a").patches("vmlinux", "cmdline_proc_show");
    }

    @Test
    void aModuleForAnotherKernelFails() {
        fails(
                "kernel",
                "built for 5.10.0, and the running kernel is " + VERSION + "; get the build for that kernel",
                fitting().vermagic("5.10.0 SMP"));
    }

    @Test
    void vermagicIsComparedWordByWordWithTheKernelsOwnModules() throws IOException {
        machine.put("lib/modules/" + VERSION + "/modules.dep", "kernel/a.ko:\n");
        Path own = machine.roots().kernelModules(VERSION).resolve("kernel/a.ko");
        Files.createDirectories(own.resolveSibling("."));
        Files.write(
                own,
                kernelModule("a")
                        .vermagic(VERSION + " SMP preempt_rt mod_unload ")
                        .bytes());
        fails(
                "kernel",
                "built for another configuration of " + VERSION
                        + ": without preempt_rt with preempt; get the build for this one",
                fitting().vermagic(VERSION + " SMP preempt mod_unload "));
        String same = VERSION + " SMP preempt_rt mod_unload ";
        check(fitting().vermagic(same)).printsAmongOthers(line("pass", "kernel", "built for " + same.strip()));
    }

    @Test
    void aMissingSignatureFailsWhereTheKernelInsists() {
        machine.put("sys/module/module/parameters/sig_enforce", "Y\n");
        fails("signature", "none, and this kernel insists on one; sign the module", fitting());
    }

    @Test
    void aSymbolThatIsNotExportedFails() {
        fails(
                "symbols",
                "needs what neither the kernel nor a loaded module exports: not_exported, nowhere; load the module that"
                        + " does, or get the build for this kernel",
                fitting().needs("_printk").needs("not_exported").needs("nowhere"));
    }

    @Test
    void symbolsAreComparedByTheirChecksums() {
        machine.put(
                "lib/modules/" + VERSION + "/build/Module.symvers",
                "0x00000007\t_printk\tvmlinux\tEXPORT_SYMBOL\t\n0x9\tklp_enable_patch\tvmlinux\tEXPORT_SYMBOL_GPL\t\n");
        check(fitting().needs("_printk", 7))
                .printsAmongOthers(
                        line("pass", "symbols", "all 1 that it needs are exported, 1 of them compared by checksum"));
        fails(
                "symbols",
                "built against another version of klp_enable_patch, going by the Module.symvers of the installed headers;"
                        + " get the build for this very kernel",
                fitting().needs("_printk", 7).needs("klp_enable_patch", 8));
    }

    @Test
    void aFunctionThatIsNotThereOrNotTheOnlyOneFails() {
        fails(
                "functions",
                "patches what is not in this kernel: vmlinux: twice (there are 2 of that name, and it does not say"
                        + " which), vmlinux: twice number 3 (there are 2); get the build for it",
                fitting().patches("vmlinux", "twice").patchesNth("vmlinux", "twice", 3));
        check(fitting().patchesNth("vmlinux", "twice", 2).patches("ext4", "in_module"))
                .succeeds()
                .printsAmongOthers(
                        line("pass", "functions", "all 3 are there"),
                        line("pass", "objects", "patched now: vmlinux, ext4"));
    }

    @Test
    void whatLivepatchLooksUpHasToBeThere() {
        check(fitting().looksUp("vmlinux", "not_exported", 0).looksUp("xfs", "f", 0))
                .succeeds()
                .printsAmongOthers(line(
                        "pass",
                        "references",
                        "1 symbols that are not exported are all there; 1 are looked up when their modules come"));
        fails(
                "references",
                "refers to what is not in this kernel: ext4: gone; get the build for it",
                fitting().looksUp("ext4", "gone", 1));
    }

    @Test
    void aFunctionThatFtraceDoesNotListIsAWarningAsItMayHaveAnotherName() {
        warns(
                "tracing",
                "ftrace does not list vmlinux: not_exported: it cannot redirect that (notrace, or inlined), or knows it"
                        + " by another name; loading will tell",
                fitting().patches("vmlinux", "not_exported"));
    }

    @Test
    void aModuleThatIsNotLoadedIsPatchedWhenItComes() {
        warns(
                "objects",
                "patched now: vmlinux; when they are loaded: xfs",
                fitting().patches("xfs", "xfs_file_write"));
    }

    @Test
    void whatIsLoadedAlreadyIsNamed() {
        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "cmdline_proc_show")))
                .succeeds();
        warns(
                "stack",
                "stacks on kpt_b, and patches functions that these patch, too: kpt_b (1)",
                fitting().replace(false));
        check(fitting().replace(true))
                .printsAmongOthers(line(
                        "pass",
                        "stack",
                        "takes the place of kpt_b (replace), and patches functions that these patch, too: kpt_b (1)"));
        warns(
                "stack",
                "a module of that name is loaded already; 'kpatch info' shows it",
                patchModule("kpt_b").patches("vmlinux", "cmdline_proc_show"));
    }

    @Test
    void anotherModuleOfTheNameOfALoadedOneFailsAsItsLoadWould() {
        machine.run("load", machine.file(fitting().field("srcversion", "AAA"))).succeeds();
        String sentence = "another patch module named kpt_a is loaded (its srcversion is AAA, the file's is BBB);"
                + " run 'kpatch unload kpt_a' first";
        fails("stack", sentence, fitting().field("srcversion", "BBB"));
        machine.run("load", machine.file(fitting().field("srcversion", "BBB"))).failsWith(4, sentence);
    }

    @Test
    void anotherTracerThatRedirectsAFunctionFails() {
        machine.put(
                "sys/kernel/tracing/enabled_functions",
                "cmdline_proc_show (1) R I     \ttramp: 0xffffffffc0434000 (f+0x0/0x1b0) ->f+0x0/0x1b0\n");
        fails(
                "tracers",
                "another tracer redirects vmlinux: cmdline_proc_show already; end it"
                        + " (/sys/kernel/tracing/enabled_functions shows it)",
                fitting());
    }

    @Test
    void livepatchItselfIsNoOtherTracerAlsoDuringATransition() {
        machine.run("load", machine.file(patchModule("kpt_b").patches("vmlinux", "cmdline_proc_show")))
                .succeeds();
        machine.kernel().transitionsTake(Duration.ofHours(1));
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_c").patches("vmlinux", "other")));
        machine.run("load", "--no-wait", machine.file(patchModule("kpt_d").patches("vmlinux", "another")));
        machine.put("sys/kernel/tracing/enabled_functions", "cmdline_proc_show (1) R I     \ttramp: 0xf ->f+0x0/0x1\n");
        check(fitting()).succeeds().printsAmongOthers(line("pass", "tracers", NO_TRACER));
    }

    @Test
    void whatTheKernelSeesToItselfIsNotLookedFor() {
        check(fitting().needs(".TOC.").needs("_GLOBAL_OFFSET_TABLE_")).succeeds();
    }

    @Test
    void theLayoutOfModulesIsComparedThoughNoSymbolRefersToIt() {
        machine.put(
                "lib/modules/" + VERSION + "/build/Module.symvers", "0x1\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n");
        fails(
                "symbols",
                "built against another version of module_layout, going by the Module.symvers of the installed headers;"
                        + " get the build for this very kernel",
                fitting().version("module_layout", 2));
    }

    @Test
    void headersThatCannotBeReadAreNotThere() {
        machine.put("lib/modules/" + VERSION + "/build", "no directory");
        check(fitting().needs("_printk", 7))
                .succeeds()
                .printsAmongOthers(line("pass", "symbols", "all 1 that it needs are exported"));
    }

    @Test
    void anObjectThatIsBuiltInIsNeverPatched() {
        machine.put("sys/module/tcp_cubic/version", "1");
        warns(
                "objects",
                "patched now: vmlinux; when they are loaded: tcp_cubic",
                fitting().patches("tcp_cubic", "cubictcp_init"));
    }

    @Test
    void aProbeInAModuleIsNotTakenForOneInTheKernel() {
        machine.put("sys/kernel/debug/kprobes/list", """
                ffffffffc0000000  k  cmdline_proc_show+0x8  ext4 [FTRACE]
                ffffffff81000000  k  cmdline_proc_show+0x8    [DISABLED]
                """);
        check(fitting()).succeeds().printsAmongOthers(line("pass", "tracers", NO_TRACER));
        machine.put("sys/kernel/debug/kprobes/list", "ffffffff81000000  r  cmdline_proc_show+0x4    [OPTIMIZED]\n");
        check(fitting()).succeeds().printsAmongOthers("it can be loaded; 2 warnings");
    }

    @Test
    void kprobesOnAPatchedFunctionAreAWarning() {
        machine.put("sys/kernel/debug/kprobes/list", "ffffffff814105a0  k  cmdline_proc_show+0x8    [FTRACE]\n");
        warns(
                "tracers",
                "kprobes on vmlinux: cmdline_proc_show are no longer hit once these are patched, unless they are at"
                        + " their very beginning",
                fitting());
    }

    @Test
    void livepatchItselfHasToBeThere() {
        machine.put("proc/sys/kernel/ftrace_enabled", "0");
        fails(
                "livepatch",
                "nothing would be patched, as kernel.ftrace_enabled is 0; run 'sysctl kernel.ftrace_enabled=1'",
                fitting());
        machine.put("proc/sys/kernel/ftrace_enabled", "1");
        check(coreModule("kpt_a"))
                .endsWith(4)
                .printsAmongOthers(
                        line(
                                "FAIL",
                                "livepatch",
                                "built for the kpatch core module, and this kernel has livepatch; get the build for that"),
                        line("skip", "functions", "the file does not show what it patches"));
    }

    @Test
    void aModuleOfCallbacksOnlyIsSaidToPatchNoFunction() {
        for (PatchModuleBuilder module :
                List.of(patchModule("kpt_a"), patchModule("kpt_a").madeByKpatchBuild())) {
            Outcome outcome = check(module.patches("vmlinux"))
                    .printsAmongOthers(
                            line("pass", "functions", "none is patched; what it does, its callbacks do"),
                            line("pass", "objects", "patched now: vmlinux"));
            assertFalse(outcome.stdout().contains(" tracing "), outcome::toString);
        }
    }

    @Test
    void theKernelsRefusalIsExplainedByWhatTheCheckFinds() {
        machine.kernel().fails("finit_module(kpt_a)", Errno.ENOENT);
        machine.run("load", machine.file(fitting().needs("nowhere")))
                .failsWith(
                        5,
                        "kpt_a.ko: the kernel refused it (ENOENT): symbols: needs what neither the kernel nor a loaded"
                                + " module exports: nowhere; load the module that does");
    }

    @Test
    void withoutTheCheckItIsLeftToTheKernel() {
        Path file = machine.file(patchModule("kpt_a").vermagic("5.10.0 SMP"));
        machine.run("load", file).failsWith(4, "is built for kernel 5.10.0");
        machine.run("load", "--no-check", file).succeeds();
        assertEquals(List.of("kpt_a"), machine.kernel().enabled());
        machine.run("load", "--no-check", "--all").endsWith(2).mentions("--no-check goes with a patch module");
    }

    @Test
    void whatCannotBeSeenIsSkipped() throws IOException {
        Files.delete(machine.roots().proc().resolve("kallsyms"));
        Files.delete(machine.roots().tracing().get(0).resolve("available_filter_functions"));
        check(fitting())
                .succeeds()
                .printsAmongOthers(
                        line("skip", "symbols", "this kernel does not show its symbols (/proc/kallsyms)"),
                        line(
                                "skip",
                                "tracing",
                                "which functions ftrace can redirect is shown to root only, where tracefs is mounted"),
                        "it can be loaded; 1 warning; 2 checks skipped");
    }
}
