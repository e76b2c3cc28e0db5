// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.kbuild;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompilerVersionTest {
    private static final CompilerVersion DEBIAN = new CompilerVersion("(Debian 12.2.0-14+deb12u1) 12.2.0");

    @Test
    void theNameByWhichTheCompilerWasCalledIsNoPartOfIt() {
        assertEquals(DEBIAN, CompilerVersion.of("gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0"));
        assertEquals(DEBIAN, CompilerVersion.of("x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0"));
        assertEquals(
                "Debian clang version 14.0.6",
                CompilerVersion.of("Debian clang version 14.0.6, Debian LLD 14.0.6")
                        .text());
    }

    @Test
    void aBannerHasItBesideTheLinker() {
        assertEquals(
                Optional.of(DEBIAN),
                CompilerVersion.ofBanner("Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian"
                        + " 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP Debian 6.1.192-2"
                        + " (2026-11-16)"));
        assertEquals(
                Optional.of(new CompilerVersion("(GCC) 11.4.1 20231218 (Red Hat 11.4.1-3)")),
                CompilerVersion.ofBanner(
                        "Linux version 5.14.0-427.el9.x86_64 (mockbuild@x.redhat.com) (gcc (GCC) 11.4.1"
                                + " 20231218 (Red Hat 11.4.1-3), GNU ld version 2.35.2-43.el9) #1 SMP PREEMPT_DYNAMIC Fri"));
        assertEquals(Optional.empty(), CompilerVersion.ofBanner("Linux version 2.6"));
        assertEquals(Optional.empty(), CompilerVersion.ofBanner("Linux version 6 (a) (gcc (cut"));
    }

    @Test
    void headersAndAnImageHaveIt() {
        assertEquals(
                Optional.of(DEBIAN),
                CompilerVersion.ofHeader("#define UTS_MACHINE \"x86_64\"\n#define LINUX_COMPILER \"gcc-12 (Debian"
                        + " 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40\"\n"));
        assertEquals(
                Optional.of(DEBIAN),
                CompilerVersion.ofComment("\0GCC: (Debian 12.2.0-14+deb12u1) 12.2.0\0GCC: (other) 1\0"));
    }

    @Test
    void thePackageThatHasItIsNamedWhereTheVersionTells() {
        assertEquals("install gcc-12=12.2.0-14+deb12u1", DEBIAN.advice());
        assertEquals(
                "install gcc-13=13.2.0-23ubuntu4", new CompilerVersion("(Ubuntu 13.2.0-23ubuntu4) 13.2.0").advice());
        assertEquals("install gcc-11.4.1-3", new CompilerVersion("(GCC) 11.4.1 20231218 (Red Hat 11.4.1-3)").advice());
        assertEquals("install that compiler", new CompilerVersion("(crosstool-NG 1.25) 12.1.0").advice());
    }
}
