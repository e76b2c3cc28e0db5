// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.module;

import static io.github.kpatch.testing.PatchModuleBuilder.patchModule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.kpatch.testing.PatchModuleBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged modules end in a result or in the package's own exception, never in another, and soon. */
class HostileModuleTest {
    private static final long SEED = 20261123;

    private static PatchModuleBuilder make(String tool) {
        PatchModuleBuilder builder = patchModule("kpt_a")
                .patches("vmlinux", "f", "g")
                .patchesNth("ext4", "h", 2)
                .checksum("0123456789abcdef")
                .appended(SignatureReaderTest.signed());
        return switch (tool) {
            case "kpatch-build" -> builder.madeByKpatchBuild();
            case "klp-build" -> builder.madeByKlpBuild();
            default -> builder;
        };
    }

    private static boolean reads(byte[] content) {
        try {
            new PatchModuleReader().read(content);
            return true;
        } catch (NotAPatchModuleException expected) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hand", "kpatch-build", "klp-build"})
    void everyTruncationOfTheObjectIsRefused(String tool) {
        byte[] signed = make(tool).bytes();
        int object = signed.length - SignatureReaderTest.signed().length;
        for (int length = 0; length < object; length++) {
            byte[] part = Arrays.copyOf(signed, length);
            assertThrows(NotAPatchModuleException.class, () -> new PatchModuleReader().read(part));
        }
        for (int length = object; length <= signed.length; length++) {
            assertEquals(true, reads(Arrays.copyOf(signed, length)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hand", "kpatch-build", "klp-build"})
    void everyFlippedBitIsSurvived(String tool) {
        byte[] content = make(tool).bytes();
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int bit = 0; bit < content.length * 8; bit++) {
                content[bit / 8] ^= (byte) (1 << bit % 8);
                reads(content);
                content[bit / 8] ^= (byte) (1 << bit % 8);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"hand", "kpatch-build", "klp-build"})
    void randomDamageIsSurvived(String tool) {
        byte[] whole = make(tool).bytes();
        Random random = new Random(SEED);
        long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (System.nanoTime() < end) {
            byte[] content = whole.clone();
            for (int i = random.nextInt(20); i >= 0; i--) {
                content[random.nextInt(content.length)] = (byte) (random.nextBoolean() ? -1 : random.nextInt());
            }
            reads(content);
        }
    }

    @Test
    void manyFunctionsAndObjectsAreReadInTimeThatGrowsWithThem() {
        PatchModuleBuilder builder = patchModule("big");
        for (int i = 0; i < 300; i++) {
            for (int j = 0; j < 20; j++) {
                builder.patches("m" + i, "f" + j);
            }
        }
        byte[] content = builder.bytes();
        PatchModule module =
                assertTimeoutPreemptively(Duration.ofSeconds(10), () -> new PatchModuleReader().read(content));
        assertEquals(300, module.objects().size());
        assertEquals(20, module.objects().get(299).functions().size());
    }

    @Test
    void aHugeModinfoIsRefused() {
        byte[] content = patchModule("a").field("author", "x".repeat(2 << 20)).bytes();
        assertEquals(false, reads(content));
        assertEquals(false, reads("text".getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hand", "kpatch-build", "klp-build"})
    void moreFunctionsThanAnyKernelHasAreRefused(String tool) {
        PatchModuleBuilder builder = make(tool);
        for (int i = 0; i < PatchedObjects.MOST; i++) {
            builder.patches("vmlinux", "f");
        }
        byte[] content = builder.bytes();
        NotAPatchModuleException refusal =
                assertThrows(NotAPatchModuleException.class, () -> new PatchModuleReader().read(content));
        assertEquals("is corrupt: it patches more functions than any kernel has", refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hand", "klp-build"})
    void moreObjectsThanAnyKernelHasAreRefused(String tool) {
        PatchModuleBuilder builder = make(tool);
        for (int i = 0; i < PatchedObjects.MOST; i++) {
            builder.patches("m" + i);
        }
        byte[] content = builder.bytes();
        NotAPatchModuleException refusal =
                assertThrows(NotAPatchModuleException.class, () -> new PatchModuleReader().read(content));
        assertEquals("is corrupt: it patches more objects than any kernel has", refusal.getMessage());
    }

    @Test
    void moreVersionsOfSymbolsThanAnyKernelHasAreRefused() {
        PatchModuleBuilder builder = patchModule("a");
        for (int i = 0; i <= ImportsReader.MOST_IMPORTS; i++) {
            builder.version("s" + i, i);
        }
        byte[] content = builder.bytes();
        assertThrows(NotAPatchModuleException.class, () -> ImportsReader.read(content));
    }
}
