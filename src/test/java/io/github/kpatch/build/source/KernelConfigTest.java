// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.KpatchException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelConfigTest {
    private static final String PATCHABLE = "CONFIG_X86_64=y\nCONFIG_LIVEPATCH=y\n# CONFIG_LTO_CLANG is not set\n";

    private static String refusal(String config) {
        return assertThrows(
                        KpatchException.class, () -> KernelConfig.parse(config).requirePatchable("/boot/config-6"))
                .sentence();
    }

    @Test
    void valuesAreReadWithoutTheirQuotes() {
        KernelConfig config = KernelConfig.parse("CONFIG_CC_VERSION_TEXT=\"gcc-12 (Debian 12) 12\"\nCONFIG_HZ=250\n");
        assertEquals(Optional.of("gcc-12 (Debian 12) 12"), config.value("CC_VERSION_TEXT"));
        assertEquals(Optional.of("250"), config.value("HZ"));
        assertEquals(Optional.empty(), config.value("LIVEPATCH"));
    }

    @Test
    void aKernelWithLivepatchIsTaken() {
        assertDoesNotThrow(() -> KernelConfig.parse(PATCHABLE).requirePatchable("/boot/config-6"));
    }

    @Test
    void aKernelWithoutLivepatchIsRefused() {
        assertEquals(
                "/boot/config-6: no patch module can be built for a kernel of this configuration: the kernel has no"
                        + " livepatch (CONFIG_LIVEPATCH); take a kernel that is configured otherwise",
                refusal("CONFIG_X86_64=y\n# CONFIG_LIVEPATCH is not set\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LTO_CLANG", "GCC_PLUGIN_LATENT_ENTROPY", "GCC_PLUGIN_RANDSTRUCT", "RANDSTRUCT"})
    void whatMakesFunctionsUnlikeThoseOfTheKernelIsRefused(String option) {
        assertTrue(refusal(PATCHABLE + "CONFIG_" + option + "=y\n").contains("(CONFIG_" + option + ")"));
    }

    @Test
    void otherMachinesAreRefused() {
        assertTrue(refusal("CONFIG_ARM64=y\nCONFIG_LIVEPATCH=y\n").contains("is not for x86-64"));
    }

    @Test
    void whatGetsLostByOtherToolsIsTold() {
        KernelConfig wanted = KernelConfig.parse("CONFIG_DEBUG_INFO_BTF=y\nCONFIG_HZ=250\n");
        assertEquals(
                List.of("CONFIG_DEBUG_INFO_BTF=y is not set", "CONFIG_HZ=250 is 100"),
                wanted.changedIn(KernelConfig.parse("# CONFIG_DEBUG_INFO_BTF is not set\nCONFIG_HZ=100\n")));
    }

    @Test
    void versionsOfToolsAndKeysMayDiffer() {
        KernelConfig wanted = KernelConfig.parse("""
                CONFIG_RUSTC_VERSION=0
                CONFIG_RUSTC_CLANG_LLVM_COMPATIBLE=y
                CONFIG_RUST_IS_AVAILABLE=y
                CONFIG_OPENSSL_SUPPORTS_ML_DSA=y
                CONFIG_CC_VERSION_TEXT="gcc"
                CONFIG_MODULE_SIG_KEY="a"
                CONFIG_SYSTEM_TRUSTED_KEYS="b"
                """);
        assertEquals(List.of(), wanted.changedIn(KernelConfig.parse("CONFIG_RUSTC_VERSION=109500\n")));
    }
}
