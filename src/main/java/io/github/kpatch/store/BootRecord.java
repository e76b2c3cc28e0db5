// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.store;

/**
 * What is remembered of a module that was loaded at boot, until that boot is known to have gone well.
 *
 * @param fileName the module's file in the install DB
 * @param state how far it came
 * @param bootId the boot at which it was loaded (/proc/sys/kernel/random/boot_id)
 * @param fingerprint of the file's content, so that a new version of it is known
 */
public record BootRecord(String fileName, State state, String bootId, String fingerprint) {

    /** How far it came. */
    public enum State {
        /** It was about to be loaded. */
        LOADING,
        /** It was loaded. */
        LOADED
    }
}
