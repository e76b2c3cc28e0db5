// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.testing;

import java.nio.file.Path;
import java.util.Map;

/** What scripts/setup has fetched. */
public final class VmCache {
    private VmCache() {}

    public static Path directory() {
        Map<String, String> environment = System.getenv();
        String home = environment.getOrDefault("HOME", "/root");
        String caches = environment.getOrDefault("XDG_CACHE_HOME", home + "/.cache");
        return Path.of(environment.getOrDefault("KPATCH_VM_CACHE", caches + "/kpatch-vm"));
    }
}
