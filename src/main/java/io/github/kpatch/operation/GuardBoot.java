// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.operation;

import java.util.List;

/** The boot guard: what it holds back, and the word that this boot went well. */
public final class GuardBoot {
    private final Host host;
    private final Progress progress;

    public GuardBoot(Host host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    /** The sentences about the modules that are held back. */
    public List<String> held() {
        return BootGuard.heldHere(host);
    }

    /** Takes the boot for gone well. */
    public void allClear() {
        int cleared = BootGuard.of(host).allClear();
        progress.note(
                cleared == 0
                        ? "no patch module was on trial at this boot"
                        : "the boot went well with " + cleared + (cleared == 1 ? " patch module" : " patch modules"));
    }
}
