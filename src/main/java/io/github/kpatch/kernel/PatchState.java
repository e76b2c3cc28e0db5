// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

/** What a loaded patch module is doing. */
public enum PatchState {
    ENABLED("enabled"),
    DISABLED("disabled"),
    /** In a transition towards being enabled. */
    ENABLING("enabling..."),
    /** In a transition towards being disabled. */
    DISABLING("disabling...");

    private final String text;

    PatchState(String text) {
        this.text = text;
    }

    static PatchState of(boolean enabled, boolean inTransition) {
        if (inTransition) {
            return enabled ? ENABLING : DISABLING;
        }
        return enabled ? ENABLED : DISABLED;
    }

    public boolean inTransition() {
        return this == ENABLING || this == DISABLING;
    }

    /** The state as {@code kpatch list} shows it between brackets. */
    public String text() {
        return text;
    }
}
