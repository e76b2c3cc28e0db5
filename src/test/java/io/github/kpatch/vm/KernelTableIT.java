// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.build.symbols.KernelImage;
import io.github.kpatch.build.symbols.ParentSymbols;
import io.github.kpatch.kernel.jna.LibZstd;
import io.github.kpatch.testing.VmCache;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** What is read of a kernel's file is what the kernel says when it runs. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(Guests.class)
class KernelTableIT {
    private final Guest guest;

    KernelTableIT(Guest guest) {
        this.guest = guest;
    }

    private KernelImage image() throws Exception {
        return KernelImage.read(VmCache.directory().resolve("kernels/" + guest.kernel() + "/vmlinuz"), new LibZstd());
    }

    @Test
    void theNamesOfTheTableAreThoseOfTheRunningKernelInItsOrder() throws Exception {
        ParentSymbols symbols = image().symbols();
        assertTrue(symbols.size() > 50_000, () -> symbols.size() + " symbols");
        String names = symbols.names().collect(Collectors.joining("\n", "", "\n"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(names.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                HexFormat.of().formatHex(digest) + "  -",
                guest.must("awk '!/\\[/ { print $3 }' /proc/kallsyms | sha256sum"));
    }

    @Test
    void theBannerIsThatOfTheRunningKernel() throws Exception {
        assertEquals(
                guest.must("cat /proc/version"), image().banner().orElseThrow().text());
    }
}
