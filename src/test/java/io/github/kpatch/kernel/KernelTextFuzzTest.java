// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.jna.LibZstd;
import io.github.kpatch.module.ModuleName;
import io.github.kpatch.testing.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is in the files of /proc and /sys: it is understood, or the failure is kpatch's own. */
class KernelTextFuzzTest {
    /** All of these are one file: what one of them has, all have. */
    private static final List<String> FILES = List.of(
            "proc/modules",
            "proc/kallsyms",
            "proc/cmdline",
            "proc/self/status",
            "proc/self/loginuid",
            "proc/sys/kernel/tainted",
            "proc/sys/kernel/ftrace_enabled",
            "proc/7/comm",
            "proc/7/task/7/comm",
            "proc/7/task/7/stack",
            "proc/7/task/7/status",
            "proc/7/task/7/wchan",
            "lib/modules/6.1/modules.dep",
            "lib/modules/6.1/build/Module.symvers",
            "sys/kernel/security/lockdown",
            "sys/kernel/tracing/available_filter_functions",
            "sys/kernel/tracing/enabled_functions",
            "sys/kernel/debug/kprobes/list",
            "sys/kernel/livepatch/kpt_a/enabled",
            "sys/kernel/livepatch/kpt_a/transition",
            "sys/kernel/livepatch/kpt_a/stack_order",
            "sys/kernel/livepatch/kpt_a/vmlinux/patched",
            "sys/module/kpt_a/notes/.note.gnu.build-id");

    private static final ModuleName PATCH = ModuleName.of("kpt_a");

    private final Path text;
    private final Roots roots;

    KernelTextFuzzTest(@TempDir Path root) throws IOException {
        this.text = root.resolve("text");
        this.roots = new Roots(root);
        for (String file : FILES) {
            Files.createDirectories(root.resolve(file).resolveSibling("."));
            Files.createSymbolicLink(root.resolve(file), text);
        }
        Files.writeString(root.resolve("proc/sys/kernel/osrelease"), "6.1\n");
        Files.writeString(root.resolve("proc/7/task/7/patch_state"), "0\n");
    }

    static Stream<byte[]> texts() {
        return Seeds.texts(
                "kpt_a 16384 1 - Live 0xffffffffc0a3e000 (OEK)\nfscache 372736 1 9p, Live 0xffffffffc0893000\n",
                "ffffffffc0a3e000 t do_it\t[kpt_a]\nffffffff81000000 T __ksymtab_printk\n",
                "0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\n",
                "State:\tS (sleeping)\nCapEff:\t000001ffffffffff\n",
                "[<0>] kpt_sleep+0x21/0x40 [kpt_target]\n",
                "kernel/fs/ext4.ko: kernel/lib/crc16.ko\nkernel/../../..:\n",
                "none [integrity] confidentiality\n",
                "schedule\nmutex_lock [kvm] (1) R I\ttramp: 0xffffffffc0a3e000 ->klp_ftrace_handler\n",
                "ffffffff81000000  k  do_it+0x0 kvm [FTRACE]\n",
                "quiet module_blacklist=floppy,kpt_a root=/dev/sda1\n",
                "4294967295\n",
                "1\n");
    }

    @MethodSource("texts")
    @FuzzTest
    void whatTheKernelSaysIsUnderstoodOrAFailure(byte[] content) throws IOException {
        Files.write(text, content);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        Set<String> names = new HashSet<>(List.of("do_it", text));
        RunningKernel kernel = new RunningKernel(roots, new LibZstd());
        PatchInterface livepatch = livepatch();
        FunctionTracing tracing = new FunctionTracing(roots);
        KernelSymbols symbols = new KernelSymbols(roots);
        Tasks tasks = new Tasks(roots);
        List<Supplier<Object>> readings = List.of(
                () -> new KernelModules(roots).all(),
                () -> new KernelModules(roots).buildId(PATCH),
                () -> symbols.find(names).orElseThrow().mayBeUsed("do_it"),
                () -> symbols.checksums("6.1", names),
                () -> tracing.traceable().orElseThrow(),
                tracing::redirected,
                tracing::probed,
                () -> tasks.stalled(true).stream().map(tasks::state).toList(),
                () -> tasks.stalled(true).stream().map(tasks::waitChannel).toList(),
                kernel::taints,
                kernel::lockdown,
                kernel::vermagic,
                () -> Caller.terminal(text),
                () -> Caller.unit(text.lines().toList()),
                kernel::isFtraceOff,
                kernel::mayChangeModules,
                () -> kernel.isBlacklisted("kpt_a"),
                () -> livepatch.patch(PATCH).orElseThrow(),
                () -> livepatch.stackOrder(PATCH),
                () -> livepatch.objects(PATCH),
                () -> SysfsFunctions.parse(List.copyOf(names)));
        readings.forEach(KernelTextFuzzTest::isReadOrFails);
    }

    private static void isReadOrFails(Supplier<Object> reading) {
        try {
            assertNotNull(reading.get());
        } catch (KpatchException expected) {
            assertTrue(expected.sentence().contains(": "), expected.sentence());
        }
    }

    static Stream<byte[]> directoryNames() {
        return Seeds.texts("do_it,1", "do_it", "12", "1a", "99999999999");
    }

    @MethodSource("directoryNames")
    @FuzzTest
    void whateverDirectoriesAreCalledTheyAreReadOrAFailure(byte[] content) throws IOException {
        Files.writeString(text, "1\n");
        String name = new String(content, StandardCharsets.ISO_8859_1).replaceAll("[^!-.0-~]", "_");
        Map<Path, Path> links = Map.of(
                roots.livepatch().resolve(name), roots.livepatch().resolve("kpt_a"),
                roots.livepatch().resolve("kpt_a").resolve(name),
                        roots.livepatch().resolve("kpt_a/vmlinux"),
                roots.livepatch().resolve("kpt_a/vmlinux").resolve(name), roots.proc(),
                roots.proc().resolve(name), roots.proc().resolve("7"),
                roots.proc().resolve("7/task").resolve(name), roots.proc().resolve("7/task/7"));
        if (name.isEmpty() || name.length() > 200 || links.keySet().stream().anyMatch(Files::exists)) {
            return;
        }
        for (Map.Entry<Path, Path> link : links.entrySet()) {
            Files.createSymbolicLink(link.getKey(), link.getValue());
        }
        PatchInterface livepatch = livepatch();
        isReadOrFails(livepatch::patches);
        isReadOrFails(() -> livepatch.objects(PATCH));
        isReadOrFails(() -> new Tasks(roots).stalled(true));
        for (Path link : links.keySet()) {
            Files.delete(link);
        }
    }

    private PatchInterface livepatch() {
        return PatchInterfaces.find(roots, () -> {
                    throw new AssertionError("nothing is to be changed");
                })
                .orElseThrow();
    }
}
