// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.build.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kpatch.failure.KpatchException;
import io.github.kpatch.kernel.Roots;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetKernelTest {
    private final Path root;
    private final TargetKernel kernel;

    TargetKernelTest(@TempDir Path root) {
        this.root = root;
        this.kernel = new TargetKernel(new Roots(root), "6.1.0-56-amd64", Optional.empty());
    }

    private Path put(String name) {
        Disk.write(root.resolve(name), "text\n");
        return root.resolve(name);
    }

    @Test
    void theConfigurationIsThatWhichIsNamedElseTheTreesElseTheKernels() {
        Path headers = put("usr/src/linux-headers-6.1.0-56-amd64/.config");
        assertEquals(headers, kernel.config(Optional.empty(), Optional.empty()));
        Path boot = put("boot/config-6.1.0-56-amd64");
        assertEquals(boot, kernel.config(Optional.empty(), Optional.of(root.resolve("theirs"))));
        Path theirs = put("theirs/.config");
        assertEquals(theirs, kernel.config(Optional.empty(), Optional.of(root.resolve("theirs"))));
        Path named = root.resolve("named");
        assertEquals(named, kernel.config(Optional.of(named), Optional.of(root.resolve("theirs"))));
    }

    @Test
    void whatIsMissingIsNamedWithItsPackage() {
        assertTrue(assertThrows(KpatchException.class, kernel::moduleSymvers)
                .sentence()
                .contains("install its headers (linux-headers-6.1.0-56-amd64,"));
        assertTrue(assertThrows(KpatchException.class, () -> kernel.config(Optional.empty(), Optional.empty()))
                .sentence()
                .contains("name it by --config"));
    }

    @Test
    void theVersionIsWhatTheHeadersSay() {
        assertEquals(Optional.empty(), kernel.version());
        Disk.write(root.resolve("usr/src/linux-headers-6.1.0-56-amd64/include/generated/uapi/linux/version.h"), """
                #define LINUX_VERSION_MAJOR 6
                #define LINUX_VERSION_PATCHLEVEL 1
                #define LINUX_VERSION_SUBLEVEL 192
                """);
        assertEquals(Optional.of(new KernelVersion(6, 1, 192)), kernel.version());
    }
}
