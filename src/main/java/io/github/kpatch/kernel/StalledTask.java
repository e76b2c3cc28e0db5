// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.kernel;

import java.util.List;
import java.util.Optional;

/**
 * A task that has not yet switched to the state that a transition leads to.
 *
 * @param pid the process
 * @param tid the thread
 * @param name its name (comm)
 * @param state what it does, in the kernel's word: {@code running}, {@code sleeping}, {@code disk sleep}…
 * @param waitChannel the function that it sleeps in, where the kernel tells
 * @param stack its kernel stack, innermost function first; empty where it may not be read
 */
public record StalledTask(
        int pid, int tid, String name, Optional<String> state, Optional<String> waitChannel, List<String> stack) {}
