// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.source.Disk;
import io.github.kpatch.build.source.KernelConfig;
import io.github.kpatch.build.source.TargetKernel;
import io.github.kpatch.failure.Failure;
import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Roots;
import io.github.kpatch.testing.ElfBuilder;
import io.github.kpatch.testing.FakeBuildProgress;
import io.github.kpatch.testing.FakeTools;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCompilerTest {
    private static final String GCC_12 = "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0";
    private static final String BANNER =
            "Linux version 6.1.0-56-amd64 (a@b) (" + GCC_12 + ", GNU ld (GNU Binutils for Debian) 2.40) #1 SMP";

    private final Roots roots;
    private final FakeTools tools = new FakeTools();
    private final FakeBuildProgress progress = new FakeBuildProgress();
    private Optional<String> banner = Optional.of(BANNER);
    private Optional<Path> vmlinux = Optional.empty();

    KernelCompilerTest(@TempDir Path root) {
        roots = new Roots(root);
    }

    private Compiler choose(String configured, boolean skip) {
        KernelConfig config = KernelConfig.parse("CONFIG_CC_VERSION_TEXT=\"" + configured + "\"\n");
        return new KernelCompiler(tools)
                .choose(new TargetKernel(roots, "6.1.0-56-amd64", banner), config, vmlinux, skip, progress);
    }

    private KpatchException refusal() {
        return assertThrows(KpatchException.class, () -> choose(GCC_12, false));
    }

    @Test
    void theCompilerThatTheConfigurationNamesIsTaken() {
        tools.has("gcc-12", 0, GCC_12, "Copyright").has("gcc", 0, "gcc (Debian 12.2.0-14+deb12u1) 12.2.0");
        assertEquals("gcc-12", choose(GCC_12, false).program());
    }

    @Test
    void withoutItsLongNameItGoesByTheShortOne() {
        tools.has("gcc-12", 0, GCC_12);
        assertEquals("gcc-12", choose("x86_64-linux-gnu-" + GCC_12, false).program());
    }

    @Test
    void aLaterBuildOfTheSameCompilerIsRefused() {
        tools.has("gcc-12", 0, "gcc-12 (Debian 12.2.0-14+deb12u2) 12.2.0");
        assertEquals(Failure.REFUSED, refusal().kind());
        assertEquals(
                "the kernel was built by '(Debian 12.2.0-14+deb12u1) 12.2.0', and gcc-12 is '(Debian"
                        + " 12.2.0-14+deb12u2) 12.2.0'; install gcc-12=12.2.0-14+deb12u1 (--skip-compiler-check builds"
                        + " with what is here, and the patched kernel may crash)",
                refusal().sentence());
    }

    @Test
    void whoSkipsTheCheckIsWarned() {
        tools.has("gcc", 0, "gcc (Debian 14.2.0-19) 14.2.0");
        assertEquals("gcc", choose(GCC_12, true).program());
        assertEquals(
                List.of("the kernel was built by '(Debian 12.2.0-14+deb12u1) 12.2.0', and gcc is '(Debian 14.2.0-19)"
                        + " 14.2.0'; the patched kernel may crash"),
                progress.warnings);
    }

    @Test
    void withoutAnyCompilerTheSentenceNamesThePackage() {
        assertEquals(
                "the kernel was built by '(Debian 12.2.0-14+deb12u1) 12.2.0', and there is no gcc-12 here; install"
                        + " gcc-12=12.2.0-14+deb12u1",
                refusal().sentence());
    }

    @Test
    void theHeadersSayItWhereTheImageIsNotKnown() {
        banner = Optional.empty();
        Disk.write(
                roots.root().resolve("usr/src/linux-headers-6.1.0-56-amd64/include/generated/compile.h"),
                "#define LINUX_COMPILER \"gcc-12 (Debian 12.2.0-13) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40\"\n");
        tools.has("gcc-12", 0, GCC_12);
        assertTrue(refusal().sentence().startsWith("the kernel was built by '(Debian 12.2.0-13) 12.2.0'"));
    }

    @Test
    void anImageThatIsNamedSaysItInItsComment() {
        banner = Optional.empty();
        vmlinux = Optional.of(roots.root().resolve("vmlinux"));
        ElfBuilder elf = new ElfBuilder();
        elf.section(
                ".comment", 0, "GCC: (Debian 12.2.0-12) 12.2.0\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Disk.write(vmlinux.get(), elf.bytes());
        tools.has("gcc-12", 0, GCC_12);
        assertTrue(refusal().sentence().startsWith("the kernel was built by '(Debian 12.2.0-12) 12.2.0'"));
    }
}
